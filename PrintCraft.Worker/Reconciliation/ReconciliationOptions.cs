using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>How often things are looked after, and how long they are kept. Section <c>Reconciliation</c>.</summary>
public sealed class ReconciliationOptions
{
    public const string Section = "Reconciliation";

    /// <summary>How often the invariants are checked, over the newest jobs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often Replicate's list is searched for runs that nobody waits for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan OrphanInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How old a run must be to count as one that nobody waits for: longer than its submission may be looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan OrphanAge { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How often expired grants and uploads, files of deleted generations and left-over temporary files are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How old a temporary file must be to be removed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan TemporaryFileAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often what is past its time is deleted.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long messages that were sent are kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan OutboxRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long the events of finished jobs are kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long it is kept that a letter was sent, and that a session was there after its end.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan LetterRetention { get; set; } = TimeSpan.FromDays(7);
}
