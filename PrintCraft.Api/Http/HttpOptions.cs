using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Http;

/// <summary>Section <c>Http</c>: what one request may cost. JSON is at most 32 deep; a body that comes slower than 240 bytes a second is cut off (Kestrel).</summary>
public sealed class HttpOptions
{
    public const string Section = "Http";

    /// <summary>A larger body is 413.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public long MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>All header lines together; more is 431.</summary>
    [Range(4096, 1024 * 1024)]
    public int MaxHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>A request that is not answered by then is 503 and what it began is taken back. Event streams have no such limit.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same where <c>Prefer: wait</c> may hold the answer back for a minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan WaitingRequestTimeout { get; set; } = TimeSpan.FromSeconds(90);
}
