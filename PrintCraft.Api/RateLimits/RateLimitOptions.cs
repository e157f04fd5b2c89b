using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.RateLimits;

/// <summary>Section <c>RateLimits</c>: how much one caller may use, and how much this process takes at a time. A quota of 0 switches its policy off.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests of a user, with whatever credentials, in each <see cref="UserWindow"/>.</summary>
    [Range(0, int.MaxValue)]
    public int UserRequests { get; set; } = 100;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UserWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests from an address (of IPv6, a /64 network) in each <see cref="IpWindow"/>.</summary>
    [Range(0, int.MaxValue)]
    public int IpRequests { get; set; } = 1000;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IpWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Failed attempts at an account from an address in each <see cref="AuthWindow"/>.</summary>
    [Range(0, int.MaxValue)]
    public int AuthFailures { get; set; } = 5;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AuthWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Credits that a user may order for in each <see cref="GenerationWindow"/>. An order for more takes a whole window.</summary>
    [Range(0, int.MaxValue)]
    public int GenerationCredits { get; set; } = 300;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan GenerationWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Jobs of a user that may be open at a time. A batch has up to 50.</summary>
    [Range(0, int.MaxValue)]
    public int JobsPerUser { get; set; } = 100;

    /// <summary>Event streams of a user that may be open at a time, at all API processes together.</summary>
    [Range(0, int.MaxValue)]
    public int StreamsPerUser { get; set; } = 5;

    /// <summary>How long a stream counts after its process was last heard of. It is heard of three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:00.3", "00:10:00")]
    public TimeSpan StreamLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>When to come back where nobody knows when there will be room: for jobs, streams and requests.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RetryWhenFull { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request waits for Redis before this process counts for itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a Redis that was down is tried again. No request waits for that.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan Recheck { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an address that was refused is refused without being looked at; at most until its window ends.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RefusalMemory { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that this process works on at a time; 0 for any number. Event streams and health do not count.</summary>
    [Range(0, 1_000_000)]
    public int Places { get; set; } = 16 * Environment.ProcessorCount;

    /// <summary>Requests that may wait for a place; more are refused with 503.</summary>
    [Range(0, 1_000_000)]
    public int Queue { get; set; } = 16 * Environment.ProcessorCount;
}
