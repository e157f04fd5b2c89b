using System.Globalization;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Faults;

internal enum RunEnd { Succeeded, Failed, Nsfw, Canceled, Aborted }

/// <summary><c>Forged</c> and <c>Stale</c> stand instead of the true delivery, <c>Replayed</c> comes after it.</summary>
internal enum WebhookFault { None, Lost, Forged, Stale, Replayed, Reordered }

internal enum OutputFault
{
    None, Truncated, Stalled, Oversized, Endless, Html, WrongSize, Jpeg, Corrupt, Bomb, Gone, Unavailable, Redirect, Metadata, File,
}

/// <summary>
/// What goes wrong with one create and the prediction that comes of it; the default is nothing. Read by <see cref="FaultScriptReader"/>,
/// whose table names the word of each member. README.md says what each does.
/// </summary>
internal sealed record FaultScript
{
    public static readonly FaultScript None = new();

    /// <summary>Stands in every text a vendor may send, so that a test can search for it in what customers see.</summary>
    public const string CanaryText = "vendor-canary-5e1f";

    /// <summary>How many creates are hit.</summary>
    public int Times { get; init; } = int.MaxValue;

    /// <summary>HTTP status instead of an answer to the create.</summary>
    public int? Status { get; init; }

    public RetryAfter? RetryAfter { get; init; }

    public bool Reset { get; init; }

    /// <summary><see cref="Status"/> or <see cref="Reset"/> hide that the prediction was made, instead of preventing it.</summary>
    public bool Accepted { get; init; }

    public TimeSpan AnswerAfter { get; init; }

    /// <summary>From create to end, instead of the option.</summary>
    public TimeSpan? Slow { get; init; }

    /// <summary>The status that it never leaves by itself.</summary>
    public PredictionStatus? Stuck { get; init; }

    public RunEnd End { get; init; }

    public bool Canary { get; init; }

    public WebhookFault Webhook { get; init; }

    public TimeSpan WebhookAfter { get; init; }

    public int WebhookCopies { get; init; } = 1;

    public OutputFault Output { get; init; }

    /// <summary>How many fetches of the prediction's files are hit.</summary>
    public int OutputTimes { get; init; } = int.MaxValue;

    /// <summary>How long the data lives, instead of the option.</summary>
    public TimeSpan? OutputLifetime { get; init; }

    /// <summary>HTTP status of reads of the prediction.</summary>
    public int? Get { get; init; }

    /// <summary>How many reads are hit.</summary>
    public int GetTimes { get; init; } = int.MaxValue;

    /// <summary>How long the list does not show the prediction.</summary>
    public TimeSpan ListAfter { get; init; }
}

/// <summary>The header <c>Retry-After</c>, in either of its forms (RFC 9110, 10.2.3).</summary>
internal sealed record RetryAfter(int Seconds, bool AsDate)
{
    public string Header(DateTimeOffset now) => AsDate ? now.AddSeconds(Seconds).ToString("R", CultureInfo.InvariantCulture) : $"{Seconds}";
}
