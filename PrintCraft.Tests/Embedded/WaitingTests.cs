using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PrintCraft.Tests.Embedded;

/// <summary>Who starts when, and what becomes of those who wait for something that fails.</summary>
public sealed class WaitingTests
{
    [Fact]
    public async Task WaitFor_waits_for_healthy_not_only_for_running()
    {
        var (asked, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var builder = SmallApp.Describe();
        builder.Services.AddHealthChecks().AddAsyncCheck("gate", async cancellationToken =>
        {
            asked.TrySetResult();
            await gate.Task.WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        });
        var first = builder.AddShell("first").WithHealthCheck("gate");
        var other = builder.AddShell("other");
        builder.AddShell("second").WaitFor(first);
        builder.AddShell("witness").WaitFor(other);
        await using var app = await SmallApp.StartAsync(builder);

        await asked.Task.WaitAsync(app.Patience);
        await app.WaitForAsync("witness", KnownResourceStates.Running);
        var (running, waiting, released) = (app.Now("first"), app.Now("second"), TimeProvider.System.GetUtcNow().UtcDateTime);
        gate.SetResult();
        var second = await app.WaitForAsync("second", KnownResourceStates.Running);

        Assert.Equal((KnownResourceStates.Running, HealthStatus.Unhealthy), (running.State?.Text, running.HealthStatus));
        Assert.Equal(KnownResourceStates.Waiting, waiting.State?.Text);
        Assert.True(second.StartTimeStamp >= released, $"second started at {second.StartTimeStamp:O}, first became healthy after {released:O}");
    }

    [Fact]
    public async Task WaitForCompletion_waits_for_exit_code_0()
    {
        var builder = SmallApp.Describe();
        var first = builder.AddShell("first", "exit 0");
        builder.AddShell("second").WaitForCompletion(first);
        await using var app = await SmallApp.StartAsync(builder);

        var second = await app.WaitForAsync("second", KnownResourceStates.Running);

        Assert.Equal((KnownResourceStates.Finished, 0), (app.Now("first").State?.Text, app.Now("first").ExitCode));
        Assert.True(second.StartTimeStamp >= app.Now("first").StopTimeStamp);
    }

    [Fact]
    public async Task WaitForCompletion_accepts_the_exit_code_that_was_asked_for()
    {
        var builder = SmallApp.Describe();
        var first = builder.AddShell("first", "exit 3");
        builder.AddShell("second").WaitForCompletion(first, exitCode: 3);
        await using var app = await SmallApp.StartAsync(builder);

        await app.WaitForAsync("second", KnownResourceStates.Running);
    }

    [Fact]
    public async Task Another_exit_code_fails_who_waits_for_completion()
    {
        var builder = SmallApp.Describe();
        var first = builder.AddShell("first", "exit 3");
        builder.AddShell("second").WaitForCompletion(first);
        await using var app = await SmallApp.StartAsync(builder);

        await app.WaitForAsync("second", KnownResourceStates.FailedToStart);

        Assert.Equal((KnownResourceStates.Finished, 3), (app.Now("first").State?.Text, app.Now("first").ExitCode));
        Assert.NotEmpty(await app.LogsUntilAsync("second", line => line.Contains(
            "Resource 'second' stopped waiting for dependency resource 'first' because it entered the 'Finished' state with exit code '3', expected '0'.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_to_start_and_so_does_who_waits_for_it()
    {
        var builder = SmallApp.Describe();
        var first = builder.AddExecutable("first", "/no/such/program", Path.GetTempPath());
        builder.AddShell("second").WaitFor(first);
        await using var app = await SmallApp.StartAsync(builder);

        var failed = await app.WaitForAsync("first", KnownResourceStates.FailedToStart);
        await app.WaitForAsync("second", KnownResourceStates.FailedToStart);

        Assert.Null(failed.ExitCode);
        Assert.NotEmpty(await app.LogsUntilAsync("second", line => line.Contains(
            "Resource 'second' stopped waiting for dependency resource 'first' because it failed to start.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_uses_a_parameter_without_value_fails_to_start()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("user").WithEnvironment("SECRET", builder.AddParameter("secret", secret: true));
        await using var app = await SmallApp.StartAsync(builder);

        await app.WaitForAsync("user", KnownResourceStates.FailedToStart);

        Assert.Equal("ValueMissing", app.Now("secret").State?.Text);
    }

    [Fact]
    public async Task Ready_handlers_run_once_after_the_first_healthy_answer_of_each_start_and_dependants_wait_for_them()
    {
        var (healthy, fired, handled) = (false, 0, new TaskCompletionSource());
        var healthyWhenFired = new List<bool>();
        var builder = SmallApp.Describe();
        builder.Services.AddHealthChecks().AddCheck("second-time", () =>
        {
            // Unhealthy first, and for ever healthy from then on.
            var answer = healthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
            healthy = true;
            return answer;
        });
        var first = builder.AddShell("first").WithHealthCheck("second-time").OnResourceReady(async (_, _, cancellationToken) =>
        {
            healthyWhenFired.Add(healthy);
            fired++;
            await handled.Task.WaitAsync(cancellationToken);
        });
        builder.AddShell("second").WaitFor(first);
        await using var app = await SmallApp.StartAsync(builder);

        await app.App.ResourceNotifications.WaitForResourceAsync("first", change => change.Snapshot.HealthStatus == HealthStatus.Healthy, app.Patience);
        var second = app.Now("second").State?.Text;
        handled.SetResult();
        await app.WaitForAsync("second", KnownResourceStates.Running);
        await app.WaitForHealthyAsync("first");
        Assert.Equal((KnownResourceStates.Waiting, 1), (second, fired));

        Assert.True(await app.ExecuteAsync("first", KnownResourceCommands.RestartCommand));
        await app.WaitForHealthyAsync("first");

        Assert.Equal(2, fired);
        Assert.Equal([true, true], healthyWhenFired);
    }

    [Fact]
    public async Task An_unhealthy_resource_is_asked_again_after_a_second_and_then_ever_later()
    {
        var asked = new List<DateTimeOffset>();
        var enough = new TaskCompletionSource();
        var builder = SmallApp.Describe();
        builder.Services.AddHealthChecks().AddCheck("never", () =>
        {
            asked.Add(TimeProvider.System.GetUtcNow());
            _ = asked.Count == 4 && enough.TrySetResult();
            return HealthCheckResult.Unhealthy();
        });
        builder.AddShell("sick").WithHealthCheck("never");
        await using var app = await SmallApp.StartAsync(builder);

        await enough.Task.WaitAsync(app.Patience);

        var pauses = asked.Zip(asked.Skip(1), (before, after) => (after - before).TotalSeconds).ToList();
        Assert.True(pauses[0] > 0.9 && pauses[2] > 1.8, $"pauses of {string.Join(", ", pauses)} s");
    }

    [Fact]
    public async Task A_health_check_that_nobody_registered_ends_the_start()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("first").WithHealthCheck("nowhere");

        var error = await Assert.ThrowsAnyAsync<Exception>(() => SmallApp.StartAsync(builder));

        Assert.Contains("The health check 'nowhere' is not registered and is required for resource 'first'.", error.Message, StringComparison.Ordinal);
    }
}
