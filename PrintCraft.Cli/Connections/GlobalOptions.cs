using System.CommandLine;

namespace PrintCraft.Cli.Connections;

/// <summary>Options of every command.</summary>
internal static class GlobalOptions
{
    public const string ApiVariable = "PRINTCRAFT_API";
    public const string DefaultApi = "http://localhost:5310";

    public static readonly Option<string?> Api = new("--api")
    {
        Description = $"Address of the API; else {ApiVariable}, else {DefaultApi}.",
        HelpName = "url",
        Recursive = true,
    };

    public static readonly Option<string?> Credential = new("--credential")
    {
        Description = $"What to call with; better in {CredentialSource.Variable}, where no list of processes shows it. Never printed.",
        HelpName = "credential",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json")
    {
        Description = "One JSON document on standard output, errors too (one a line for `jobs watch`); everything else goes to standard error.",
        Recursive = true,
    };

    /// <summary>The address of the API, or what is wrong with it.</summary>
    public static Uri ApiOf(ParseResult words)
    {
        var text = words.GetValue(Api) ?? (Environment.GetEnvironmentVariable(ApiVariable) is { Length: > 0 } value ? value : DefaultApi);
        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var api) && api.Scheme is "http" or "https" && api is { UserInfo: "", Query: "", Fragment: "" }
            ? api
            : throw new CommandFailedException(Failure.Usage("--api (or PRINTCRAFT_API) must be an address such as http://localhost:5310."));
    }
}
