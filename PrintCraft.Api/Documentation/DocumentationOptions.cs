namespace PrintCraft.Api.Documentation;

/// <summary>Section <c>Documentation</c>.</summary>
public sealed class DocumentationOptions
{
    public const string Section = "Documentation";

    /// <summary>Addresses of the API, as the document names them; the one it was read from unless said.</summary>
    public IReadOnlyList<string> Servers { get; set; } = [];
}
