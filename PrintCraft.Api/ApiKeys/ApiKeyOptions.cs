using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.ApiKeys;

/// <summary>Section <c>ApiKeys</c>.</summary>
public sealed class ApiKeyOptions
{
    public const string Section = "ApiKeys";

    /// <summary>Keys of one user that are neither revoked nor expired.</summary>
    [Range(1, 1000)]
    public int MaxPerUser { get; set; } = 20;

    /// <summary>How exactly it is known when a key was used last: each key is written at most once in this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan UseInterval { get; set; } = TimeSpan.FromMinutes(1);
}
