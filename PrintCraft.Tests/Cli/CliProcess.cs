using System.Text.Json;

using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Operations;

namespace PrintCraft.Tests.Cli;

/// <summary>How a run of the command line ended.</summary>
internal sealed record CliRun(int Code, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string Story => $"Ended with {Code}.{Environment.NewLine}{string.Join(Environment.NewLine, Output)}{Environment.NewLine}{string.Join(Environment.NewLine, Errors)}";

    /// <summary>The one document on standard output.</summary>
    public JsonElement Document => JsonDocument.Parse(Assert.Single(Output)).RootElement;

    public JsonElement Error => Document.GetProperty("error");

    /// <summary>It ended so; otherwise the test says what it told.</summary>
    public CliRun Is(int code)
    {
        Assert.True(code == Code, Story);
        return this;
    }
}

/// <summary>The built program, as a shell starts it: output and errors are pipes.</summary>
internal sealed class CliProcess : ProgramProcess
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private CliProcess(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment, string folder)
        : base("printcraft", command, environment, folder)
    {
    }

    public static string Program => PathOf("PrintCraft.Cli", "printcraft");

    /// <param name="api">What PRINTCRAFT_API says.</param>
    /// <param name="credential">What PRINTCRAFT_CREDENTIAL says; null: nothing.</param>
    public static CliProcess Start(Uri api, string? credential, string folder, params string[] arguments) => Start(api, credential, folder, [], ["dotnet", Program, .. arguments]);

    public static CliProcess Start(Uri api, string? credential, string folder, (string Name, string? Value)[] environment, IReadOnlyList<string> command) =>
        new(command, Variables(api, credential, environment), folder);

    public static async Task<CliRun> RunAsync(Uri api, string? credential, string folder, params string[] arguments)
    {
        await using var process = Start(api, credential, folder, arguments);
        return await process.EndedAsync();
    }

    public async Task<CliRun> EndedAsync() => new((await EndAsync(Limit)).Code, Output, Errors);

    /// <summary>Until it has said so, on either channel.</summary>
    public Task SaysAsync(string text) => Eventually.HoldsAsync(
        () => Task.FromResult(Output.Concat(Errors).Any(line => line.Contains(text, StringComparison.Ordinal))), () => $"'{text}'. {Story}", Limit);

    private static Dictionary<string, string?> Variables(Uri api, string? credential, (string Name, string? Value)[] environment)
    {
        var variables = new Dictionary<string, string?>
        {
            ["PRINTCRAFT_API"] = api.ToString(),
            ["PRINTCRAFT_CREDENTIAL"] = credential,
            ["NO_COLOR"] = null,
        };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        return variables;
    }
}
