using System.Net;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

using Npgsql;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Operations;

/// <summary>Dependencies that go away under a running graph and come back.</summary>
public sealed class DependencyDownTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private PrintCraftApp _app = null!;

    public async Task InitializeAsync() => _app = await PrintCraftApp.StartAsync(builder =>
        builder.Configure("worker", worker => worker.WithEnvironment("Work__UnknownGrace", "00:00:10")));

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Jobs_wait_for_the_provider_and_the_api_for_Postgres_and_both_go_on_by_themselves()
    {
        var user = _app.NewUser();
        using var http = _app.Http("api");

        // The provider is down: orders are taken and wait.
        await CommandAsync("replicate", KnownResourceCommands.StopCommand, KnownResourceStates.TerminalStates);
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a patient order", Options: new("draft", Count: 2)), CancellationToken.None);
        await RetriedAsync(created.Id);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
        Assert.False((await user.Api.GetGenerationAsync(created.Id, CancellationToken.None)).IsFinal);

        await CommandAsync("replicate", KnownResourceCommands.StartCommand, KnownResourceStates.Running);
        var done = await _app.WaitUntilFinalAsync(user, created.Id, Limit);
        Assert.Equal((GenerationStatus.Succeeded, 2), (done.Status, done.Credits.Charged));
        Assert.Equal(2, await Spend.CountAsync(_app, created.Id));
        Assert.Equal(["hold|2", "capture|2"], await (await _app.DatabaseAsync()).JournalsAsync(created.Id));

        // Postgres is down: the API lives, says so, shows what it has read before, and serves again without a restart.
        await CommandAsync("postgres", KnownResourceCommands.StopCommand, KnownResourceStates.TerminalStates);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health")).StatusCode);
        using (var refused = await user.Http.GetAsync("/api/v1/credits"))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "5"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        }

        Assert.Equal(GenerationStatus.Succeeded, (await user.Api.GetGenerationAsync(created.Id, CancellationToken.None)).Status);
        await CommandAsync("postgres", KnownResourceCommands.StartCommand, KnownResourceStates.Running);
        await Eventually.HoldsAsync(async () => (await http.GetAsync("/health")).IsSuccessStatusCode, () => $"the API to be healthy again. {_app.Story()}", Limit);
        Assert.Equal(GenerationStatus.Succeeded, (await user.Api.GetGenerationAsync(created.Id, CancellationToken.None)).Status);

        // And the worker, which had lost it too.
        var after = await user.Api.CreateGenerationAsync(new NewGeneration("afterwards", Options: new("draft")), CancellationToken.None);
        Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, after.Id, Limit)).Status);
        NpgsqlConnection.ClearAllPools();
        await (await _app.DatabaseAsync()).AssertLedgerHoldsAsync(user.Id);
    }

    private async Task CommandAsync(string resource, string command, params IEnumerable<string> states)
    {
        using var timeout = new CancellationTokenSource(Limit);
        var result = await _app.App.ResourceCommands.ExecuteCommandAsync(resource, command, timeout.Token);
        Assert.True(result.Success, result.Message);
        await _app.App.ResourceNotifications.WaitForResourceAsync(resource, change => states.Contains(change.Snapshot.State?.Text), timeout.Token);
    }

    /// <summary>Waits until the worker has taken the job up a second time, after trying the provider in vain.</summary>
    private async Task RetriedAsync(Guid id)
    {
        var database = await _app.DatabaseAsync();
        await Eventually.HoldsAsync(
            async () => await database.ScalarAsync<long>("SELECT lease_token FROM generations WHERE id = $1", id) >= 2, () => $"a second try. {_app.Story()}", Limit);
    }
}
