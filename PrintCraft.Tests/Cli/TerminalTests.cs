namespace PrintCraft.Tests.Cli;

/// <summary>People at a terminal see a bar and tables. The terminal is util-linux' script, which has one for its child.</summary>
public sealed class TerminalTests : CliFolder
{
    private const string Escape = "\u001b[";

    [Fact]
    public async Task At_a_terminal_progress_is_a_bar_and_the_file_comes_last()
    {
        var story = await AtTerminalAsync("generate 'a fox' --quality draft --width 512 --height 512 --out fox.png");

        Assert.Contains(Escape, story, StringComparison.Ordinal);
        Assert.Contains("━━", story, StringComparison.Ordinal);
        Assert.True(File.Exists(PathOf("fox.png")), story);
    }

    [Fact]
    public async Task NO_COLOR_takes_the_colours_away()
    {
        var colours = await AtTerminalAsync("generate 'a fox' --quality draft --width 512 --height 512 --wait");
        var none = await AtTerminalAsync("generate 'a fox' --quality draft --width 512 --height 512 --wait", ("NO_COLOR", "1"));

        Assert.Matches(@"\u001b\[[0-9;]*3[0-9;]*m", colours);
        Assert.DoesNotMatch(@"\u001b\[[0-9;]*[349][0-9;]*m", none);
    }

    [Fact]
    public async Task A_list_has_a_head_at_a_terminal_only()
    {
        await EndedAsync();

        Assert.Contains("STATUS", await AtTerminalAsync("jobs"), StringComparison.Ordinal);
        Assert.DoesNotContain("STATUS", (await RunAsync("jobs")).Story, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_commands_write_into_one_file_one_after_the_other()
    {
        var command = $"dotnet '{CliProcess.Program}' credits";
        await using var process = CliProcess.Start(App.Address, User.Credential, Folder, [], ["bash", "-c", $"{{ {command}; echo between; {command}; }} > told"]);

        (await process.EndedAsync()).Is(0);

        var told = await File.ReadAllLinesAsync(PathOf("told"));
        Assert.Equal(["50 available", "between", "50 available"], told.Select(line => line.Split(',')[0]));
    }

    private async Task<string> AtTerminalAsync(string words, params (string, string?)[] environment)
    {
        await using var process = CliProcess.Start(
            App.Address, User.Credential, Folder, [("TERM", "xterm-256color"), ("CI", null), .. environment], ["script", "-qefc", $"dotnet '{CliProcess.Program}' {words}", "/dev/null"]);
        var run = await process.EndedAsync();
        return string.Join('\n', run.Is(0).Output);
    }
}
