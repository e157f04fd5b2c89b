using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Uploads;

/// <summary>Section <c>Uploads</c>: how much a user may send and for how long it is kept.</summary>
public sealed class UploadOptions
{
    public const string Section = "Uploads";

    /// <summary>Of one file; more is 413.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 10 * 1024 * 1024;

    /// <summary>Uploads that a user may have at a time.</summary>
    [Range(1, 10_000)]
    public int MaxPerUser { get; set; } = 20;

    /// <summary>How long one can be used.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an address works that a file may be put to.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AddressLifetime { get; set; } = TimeSpan.FromMinutes(15);
}
