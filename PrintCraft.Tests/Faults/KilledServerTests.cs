using System.Net;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using Npgsql;

using PrintCraft.Tests.Embedded;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>A graph of its own, whose servers may be killed.</summary>
public sealed class OwnServers : IAsyncLifetime
{
    public PrintCraftApp App { get; private set; } = null!;

    public async Task InitializeAsync() => App = await PrintCraftApp.StartAsync(builder =>
    {
        builder.Configure("api", Shorten);
        builder.Configure("worker", Shorten);

        builder.Configure("replicate", simulator => simulator.WithEnvironment("Simulator__Latency", "00:00:01"));
    });

    public async Task DisposeAsync() => await App.DisposeAsync();

    private static void Shorten(IResourceBuilder<ProjectResource> project)
    {
        foreach (var (name, value) in ScenarioSettings.Waits)
        {
            project.WithEnvironment(name, value);
        }
    }
}

/// <summary>The servers themselves are killed with SIGKILL, or stand still, under load, and come back with what they had on disk.</summary>
public sealed class KilledServerTests(OwnServers servers) : IClassFixture<OwnServers>
{
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly PrintCraftApp _app = servers.App;

    [EmbeddedFact]
    [Trait("Fault", "F7")]
    public async Task Kill9_of_RabbitMQ_stops_no_order_and_loses_no_job() => await BreakAsync("rabbitmq", HttpStatusCode.Created, async () =>
    {
        await KillAsync("rabbitmq");
        return () => StartAsync("rabbitmq");
    });

    [EmbeddedFact]
    [Trait("Fault", "F8")]
    public async Task A_RabbitMQ_that_stands_still_stops_no_order_and_loses_no_job() => await BreakAsync("rabbitmq", HttpStatusCode.Created, async () =>
    {
        var process = await Processes.IdOfAsync(_app, "rabbitmq");
        Assert.Equal(0, Operations.ProgramProcess.Kill(process, SigStop));
        return () =>
        {
            Assert.Equal(0, Operations.ProgramProcess.Kill(process, SigContinue));
            return Task.CompletedTask;
        };
    });

    [EmbeddedFact]
    [Trait("Fault", "F9")]
    public async Task Kill9_of_Postgres_is_503_and_loses_nothing_that_was_committed() => await BreakAsync("postgres", HttpStatusCode.ServiceUnavailable, async () =>
    {
        await KillAsync("postgres");
        return () => StartAsync("postgres");
    });

    [EmbeddedFact]
    [Trait("Fault", "F10")]
    public async Task Kill9_of_Redis_stops_no_order_and_loses_no_job() => await BreakAsync("redis", HttpStatusCode.Created, async () =>
    {
        await KillAsync("redis");
        return () => StartAsync("redis");
    });

    /// <summary>Orders before, during and after; then everything that was taken must end, once.</summary>
    private async Task BreakAsync(string server, HttpStatusCode meanwhile, Func<Task<Func<Task>>> breakIt)
    {
        var user = _app.NewUser();
        var accepted = new List<PostAnswer>();
        accepted.AddRange(await OrderAsync(user, 3));

        var mend = await breakIt();
        var (order, key) = (Posting.Order(), $"{Guid.NewGuid()}");
        var answer = await user.PostAsync(order, key);
        Assert.True(answer.Status == meanwhile, $"{answer} while {server} was broken. {_app.Story()}");
        await mend();
        NpgsqlConnection.ClearAllPools();

        accepted.Add(await user.PostUntilDecidedAsync(order, key));
        accepted.AddRange(await OrderAsync(user, 3));
        var sql = await _app.DatabaseAsync();
        await Eventually.HoldsAsync(
            async () => await sql.ScalarAsync<long>("SELECT (SELECT count(*) FROM generations WHERE completed_at IS NULL) + (SELECT count(*) FROM outbox WHERE sent_at IS NULL)") == 0,
            () => $"every job to end and every message to be sent after {server} was broken. {_app.Story()}",
            Limit);
        Assert.Equal(accepted.Count, await sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1 AND status = 'succeeded'", user.Id));
        using var simulator = _app.Http("replicate");
        Assert.Empty(await new Invariants(sql, _app.ImageFolder, simulator).BrokenAsync(accepted.Select(one => one.Id)));
    }

    private static async Task<IEnumerable<PostAnswer>> OrderAsync(TestUser user, int count) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => user.PostUntilDecidedAsync(Posting.Order("slow=1"), $"{Guid.NewGuid()}")));

    private async Task KillAsync(string server)
    {
        await Processes.KillAsync(await Processes.IdOfAsync(_app, server));
        await WaitAsync(server, [.. KnownResourceStates.TerminalStates]);
    }

    private async Task StartAsync(string server)
    {
        using var timeout = new CancellationTokenSource(Limit);
        var result = await _app.App.ResourceCommands.ExecuteCommandAsync(server, KnownResourceCommands.StartCommand, timeout.Token);
        Assert.True(result.Success, result.Message);
        await WaitAsync(server, KnownResourceStates.Running);
    }

    private async Task WaitAsync(string server, params string[] states)
    {
        using var timeout = new CancellationTokenSource(Limit);
        await _app.App.ResourceNotifications.WaitForResourceAsync(server, change => states.Contains(change.Snapshot.State?.Text), timeout.Token);
    }
}
