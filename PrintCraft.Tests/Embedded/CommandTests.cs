using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Embedded;

/// <summary>Stop, start and restart, as the dashboard's buttons and chaos tests use them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Stop_ends_the_process_and_start_makes_a_new_one_at_the_same_address()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web").WithHttpEndpoint(env: "PORT");
        await using var app = await SmallApp.StartAsync(builder);
        var (first, address) = (SmallApp.ProcessId(await app.WaitForAsync("web", KnownResourceStates.Running)), app.App.GetEndpoint("web", "http"));

        Assert.True(await app.ExecuteAsync("web", KnownResourceCommands.StopCommand));
        var stopped = await app.WaitForAsync("web", KnownResourceStates.Finished);
        var isGone = !Directory.Exists($"/proc/{first}");
        Assert.True(await app.ExecuteAsync("web", KnownResourceCommands.StartCommand));
        var started = await app.WaitForAsync("web", KnownResourceStates.Running);

        Assert.True(isGone);
        Assert.NotNull(stopped.StopTimeStamp);
        Assert.NotEqual(first, SmallApp.ProcessId(started));
        Assert.True(Directory.Exists($"/proc/{SmallApp.ProcessId(started)}"));
        Assert.Equal(address, app.App.GetEndpoint("web", "http"));
        Assert.Null(started.ExitCode);
    }

    [Fact]
    public async Task Restart_makes_a_new_process_with_all_that_the_first_one_had()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web", "echo hello $NAME; exec sleep 600").WithEnvironment("NAME", "you").WithHttpEndpoint(env: "PORT");
        await using var app = await SmallApp.StartAsync(builder);
        var (first, address) = (await app.WaitForAsync("web", KnownResourceStates.Running), app.App.GetEndpoint("web", "http"));
        await app.LogsUntilAsync("web", line => line == "hello you");

        Assert.True(await app.ExecuteAsync("web", KnownResourceCommands.RestartCommand));
        var second = (await app.App.ResourceNotifications.WaitForResourceAsync(
            "web", change => change.Snapshot.State?.Text == KnownResourceStates.Running && change.Snapshot.StartTimeStamp > first.StartTimeStamp, app.Patience)).Snapshot;

        Assert.NotEqual(SmallApp.ProcessId(first), SmallApp.ProcessId(second));
        Assert.Equal(address, app.App.GetEndpoint("web", "http"));
        Assert.Equal("you", SmallApp.Variables(second)["NAME"]);
        await app.LogsUntilAsync("web", line => line == "hello you", times: 2);
    }

    [Theory]
    [InlineData("web", "fly")]
    [InlineData("nobody", "stop")]
    [InlineData("web", "start")]
    public async Task A_command_that_cannot_be_run_says_so(string resource, string command)
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web");
        await using var app = await SmallApp.StartAsync(builder);
        var before = SmallApp.ProcessId(await app.WaitForAsync("web", KnownResourceStates.Running));

        var result = await app.App.ResourceCommands.ExecuteCommandAsync(resource, command, app.Patience);

        Assert.False(result.Success);
        Assert.NotEmpty(result.Message!);
        Assert.Equal(before, SmallApp.ProcessId(app.Now("web")));
    }

    [Fact]
    public async Task A_process_that_was_killed_is_Finished_and_says_by_what()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web", "kill -9 $$");
        await using var app = await SmallApp.StartAsync(builder);

        Assert.Equal(128 + 9, (await app.WaitForAsync("web", KnownResourceStates.Finished)).ExitCode);
    }

    [Fact]
    public async Task The_end_of_the_application_leaves_no_process_behind()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("parent", "sleep 600 & echo child $!; wait");
        int child, parent;
        await using (var app = await SmallApp.StartAsync(builder))
        {
            parent = SmallApp.ProcessId(await app.WaitForAsync("parent", KnownResourceStates.Running));
            var lines = await app.LogsUntilAsync("parent", line => line.StartsWith("child ", StringComparison.Ordinal));
            child = int.Parse(lines[^1].Content.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(Directory.Exists($"/proc/{child}"));
        }

        // Killed when it ended; gone when init has taken note of it.
        await Eventually.HoldsAsync(
            () => Task.FromResult(!new[] { parent, child }.Any(id => Directory.Exists($"/proc/{id}"))), () => $"processes {parent} and {child} to be gone", TimeSpan.FromSeconds(5));
    }
}
