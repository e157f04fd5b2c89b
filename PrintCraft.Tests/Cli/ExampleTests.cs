using System.CommandLine;

using PrintCraft.Cli;

namespace PrintCraft.Tests.Cli;

/// <summary>What help and docs/cli.md show works, word for word.</summary>
public sealed class ExampleTests : CliFolder
{
    [Fact]
    public async Task Every_example_of_the_help_works()
    {
        var examples = Commands(CommandLine.Root()).SelectMany(PrintCraft.Cli.Examples.Of).Distinct().ToList();

        Assert.True(examples.Count > 10, $"{examples.Count} examples");
        await RunAllAsync(examples);
    }

    [Fact]
    public void Every_command_has_an_example_and_every_example_a_command()
    {
        var commands = Commands(CommandLine.Root()).ToList();

        Assert.Equal([], commands.Where(command => PrintCraft.Cli.Examples.Of(command).Count == 0).Select(command => command.Name));
        Assert.Equal([], commands.SelectMany(PrintCraft.Cli.Examples.Of).Where(example => CommandLine.Root().Parse(example["printcraft ".Length..].Replace("$ID", $"{Guid.Empty}", StringComparison.Ordinal)).Errors.Count > 0));
    }

    [Fact]
    public async Task Every_example_of_the_document_works()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "samples", "cli.md"));
        var examples = document.Split("```sh\n")[1..].SelectMany(block => block.Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();

        Assert.True(examples.Count > 5, $"{examples.Count} examples");
        await RunAllAsync(examples);
    }

    [Fact]
    public async Task Help_shows_the_examples_and_the_exit_codes()
    {
        Assert.Contains("  printcraft jobs watch $ID --out picture.png", (await RunAsync("jobs", "watch", "--help")).Is(0).Output);
        Assert.Contains(await HelpAsync(), line => line.Contains("130  interrupted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_document_names_every_command_option_and_exit_code()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "samples", "cli.md"));
        var commands = Commands(CommandLine.Root()).ToList();

        Assert.Equal([], commands.Select(PrintCraft.Cli.Examples.PathOf).Where(path => !document.Contains($"`{path}", StringComparison.Ordinal)));
        Assert.Equal([], commands.SelectMany(command => command.Options).Select(option => option.Name).Distinct().Where(name => name is not ("--help" or "--version") && !document.Contains(name, StringComparison.Ordinal)));
        Assert.Equal([], Enum.GetValues<Exit>().Where(code => !document.Contains($"| {(int)code} |", StringComparison.Ordinal)));
        Assert.Equal([], Enum.GetValues<Exit>().Except([Exit.Interrupted]).Where(code => !HelpWithExamples.Notes.Contains($" {(int)code}    ", StringComparison.Ordinal)));
    }

    private async Task<IReadOnlyList<string>> HelpAsync() => (await RunAsync("--help")).Is(0).Output;

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);

    /// <summary>In bash, as one types it, with a `printcraft` on the path.</summary>
    private async Task RunAllAsync(IReadOnlyList<string> examples)
    {
        var program = PathOf("printcraft");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec dotnet '{CliProcess.Program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await Parallel.ForEachAsync(examples, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (example, _) => await RunOneAsync(example));
    }

    private async Task RunOneAsync(string example)
    {
        var folder = Directory.CreateDirectory(PathOf($"{Guid.NewGuid():n}")).FullName;
        await using var process = CliProcess.Start(
            App.Address, User.Credential, folder, [("PATH", $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}"), ("ID", await IdForAsync(example))], ["bash", "-o", "pipefail", "-c", example]);
        var isEndless = example.Contains("jobs watch --json", StringComparison.Ordinal);
        if (isEndless)
        {
            await FirstEventAsync(process);
            process.Send(Operations.ProgramProcess.Interrupt);
        }

        var run = await process.EndedAsync();
        Assert.True(run.Code == (isEndless ? 130 : 0), $"{example}: {run.Story}");
    }

    /// <summary>Of a job or key in the state that the example needs.</summary>
    private async Task<string?> IdForAsync(string example) => example.Split(' ') switch
    {
        [_, "jobs", "cancel", ..] => $"{await OrderAsync("slow=30")}",
        [_, "jobs", "retry", ..] => $"{await CanceledAsync()}",
        [_, "jobs", "show" or "watch", ..] => $"{(await EndedAsync()).Id}",
        [_, "keys", ..] => $"{(await User.Api.CreateApiKeyAsync(new Client.NewApiKey("example"), None)).Id}",
        _ => null,
    };
}
