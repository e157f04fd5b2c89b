using System.CommandLine;
using System.Text.RegularExpressions;

namespace PrintCraft.Cli.Connections;

/// <summary>Where a credential comes from. It is sent, and never shown.</summary>
internal static partial class CredentialSource
{
    public const string Variable = "PRINTCRAFT_CREDENTIAL";
    public const string Hint = "Set PRINTCRAFT_CREDENTIAL to the Credential line of the AppHost's start block, or to an API key (`printcraft keys create --name NAME`).";

    /// <summary>The option, else the variable; null when there is neither.</summary>
    public static string? Find(ParseResult words) =>
        words.GetValue(GlobalOptions.Credential) ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value : null);

    /// <summary>What stands between lines or has letters that no credential has was not copied well, and would not pass as a header.</summary>
    public static bool IsPossible(string credential) => credential.Length is > 0 and <= 8192 && credential.All(letter => letter is > ' ' and <= '~');

    /// <summary>The text without anything that looks like a credential: a misspelt option must not put one on the screen.</summary>
    public static string Redact(string text) => LooksLikeOne().Replace(text, "…");

    [GeneratedRegex(@"(pcdev_|pck_|eyJ)[^\s'""]+")]
    private static partial Regex LooksLikeOne();
}
