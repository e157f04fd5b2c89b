namespace PrintCraft.Api.Identity;

/// <summary>Section <c>Identity</c>.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Key of the development credential. The process refuses to start with one outside Development and Testing.</summary>
    public string? DevelopmentKey { get; set; }
}
