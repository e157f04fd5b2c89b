using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Api.Identity;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Key of the development credential. The process refuses to start with one outside Development and Testing.</summary>
    public string? DevelopmentKey { get; set; }

    /// <summary>How long a recognised credential is taken without asking again: the longest time that a revocation takes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Memory { get; set; } = TimeSpan.FromSeconds(30);
}
