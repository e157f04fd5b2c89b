using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using Aspire.Hosting.Testing;

using PrintCraft.Client;
using PrintCraft.Core.Messaging;
using PrintCraft.Tests.Infrastructure;

using RabbitMQ.Client;

namespace PrintCraft.Tests.Operations;

/// <summary>The commands that the dashboard shows to developers: each does what it says, says it, and may be run again.</summary>
public sealed class DevelopmentCommandTests(CommandGraph graph) : IClassFixture<CommandGraph>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string[] Styles = ["cartoon", "minimalist", "none", "photorealistic", "watercolor"];

    private readonly PrintCraftApp _app = graph.App;

    [Fact]
    public async Task Demo_data_is_made_once()
    {
        var first = await graph.DoneAsync("api", "seed-demo-data");
        var second = await graph.DoneAsync("api", "seed-demo-data");

        Assert.Matches("^12 designs of user demo are there, (12|0) made now.$", first);
        Assert.Equal("12 designs of user demo are there, 0 made now.", second);
        var demo = _app.User("demo");
        var designs = (await demo.Api.ListGenerationsAsync(100, null, None)).Data;
        Assert.Equal(12, designs.Count(design => design.Status == GenerationStatus.Succeeded));
        Assert.Equal(12, designs.Count);
        Assert.Equal(Styles, designs.Select(design => design.Style).Distinct().Order(StringComparer.Ordinal));
        await (await _app.DatabaseAsync()).AssertLedgerHoldsAsync(demo.Id);
    }

    [Fact]
    public async Task A_design_of_the_demo_data_that_was_deleted_is_made_again()
    {
        await graph.DoneAsync("api", "seed-demo-data");
        var demo = _app.User("demo");
        await demo.Api.DeleteGenerationAsync((await demo.Api.ListGenerationsAsync(1, null, None)).Data[0].Id, None);

        Assert.Equal("12 designs of user demo are there, 1 made now.", await graph.DoneAsync("api", "seed-demo-data"));
        Assert.Equal("12 designs of user demo are there, 0 made now.", await graph.DoneAsync("api", "seed-demo-data"));
    }

    [Fact]
    public async Task A_sample_design_comes_with_its_picture_and_its_trace()
    {
        var texts = new[] { await graph.DoneAsync("api", "generate-sample-design"), await graph.DoneAsync("api", "generate-sample-design") };

        var designs = (await _app.User("dev").Api.ListGenerationsAsync(2, null, None)).Data;
        using var http = new HttpClient();
        foreach (var (text, design) in texts.Zip(designs.Reverse()))
        {
            using var picture = await http.GetAsync(new Uri(text.Split('\n')[0].Trim()));
            Assert.Equal((HttpStatusCode.OK, "image/png"), (picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
            Assert.Contains($"Trace {design.TraceId}", text, StringComparison.Ordinal);
            Assert.Contains($"{design.Id}", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_minted_token_lets_a_new_user_in_with_the_line_that_stands_below_it()
    {
        var texts = new[] { await graph.DoneAsync("api", "mint-development-token"), await graph.DoneAsync("api", "mint-development-token") };

        var ids = new List<Guid>();
        foreach (var lines in texts.Select(text => text.Split('\n')))
        {
            using var http = _app.Http("api");
            http.DefaultRequestHeaders.Authorization = new("Bearer", lines[0].Trim());
            ids.Add((await http.GetFromJsonAsync<User>("/api/v1/users/me", PrintCraftClient.Json))!.Id);
            Assert.Equal($"curl -s {_app.Address.ToString().TrimEnd('/')}/api/v1/users/me -H 'Authorization: Bearer {lines[0].Trim()}'", lines[^1].Trim());
        }

        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task Dead_letters_are_replayed_once_and_what_cannot_be_says_why()
    {
        var (user, database) = (_app.NewUser(), await _app.DatabaseAsync());
        var dead = await user.Api.CreateGenerationAsync(new NewGeneration("a letter [sim: slow=600]", Options: new("draft")), None);
        await user.Api.CancelGenerationAsync(dead.Id, None);
        await _app.WaitUntilFinalAsync(user, dead.Id);
        await DieAsync(database, dead.Id);

        var first = await graph.DoneAsync("api", "replay-dead-letters");
        var second = await graph.DoneAsync("api", "replay-dead-letters");
        await DieAsync(database, null);
        var refused = await graph.FailedAsync("api", "replay-dead-letters");
        await database.ExecuteAsync("DELETE FROM dead_letters WHERE replayed_at IS NULL");

        Assert.Equal(("1 of 1 dead letters were replayed.", "There are no dead letters."), (first, second));
        Assert.StartsWith("0 of 1 dead letters were replayed.", refused, StringComparison.Ordinal);
        Assert.Contains("Grant credits", refused, StringComparison.Ordinal);
        var again = await database.ScalarAsync<Guid>("SELECT replayed_as FROM dead_letters WHERE generation_id = $1", dead.Id);
        await user.Api.CancelGenerationAsync(again, None);
    }

    [Fact]
    public async Task The_ledger_check_finds_what_is_wrong()
    {
        var (user, database) = (_app.NewUser(), await _app.DatabaseAsync());
        await user.Api.GetCreditsAsync(None);

        Assert.Equal("Every invariant holds.", await graph.DoneAsync("printcraftdb", "run-ledger-check"));
        Assert.Equal("Every invariant holds.", await graph.DoneAsync("printcraftdb", "run-ledger-check"));
        await database.ExecuteAsync("UPDATE accounts SET available = available + 1 WHERE user_id = $1", user.Id);
        var broken = await graph.FailedAsync("printcraftdb", "run-ledger-check");
        await database.ExecuteAsync("UPDATE accounts SET available = available - 1 WHERE user_id = $1", user.Id);

        Assert.Contains($"{user.Id}", broken, StringComparison.Ordinal);
        Assert.Contains("docs/operations.md", broken, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purged_queue_costs_time_and_no_job()
    {
        var (user, database) = (_app.NewUser(), await _app.DatabaseAsync());
        // The consumer takes its time to come back from a broker's end: what an earlier test left must not lie there.
        await QueueHoldsAsync(0);
        await graph.StopAsync("worker");
        var (job, first, second) = (default(Generation), "", "");
        try
        {
            job = await user.Api.CreateGenerationAsync(new NewGeneration("purged", Options: new("draft")), None);
            // As the relay leaves it: sent, and in the queue.
            await database.ExecuteAsync("UPDATE outbox SET sent_at = clock_timestamp() WHERE body ->> 'generationId' = $1", $"{job.Id}");
            await PublishAsync(job.Id);
            first = await graph.DoneAsync("rabbitmq", "purge-queue");
            second = await graph.DoneAsync("rabbitmq", "purge-queue");
        }
        finally
        {
            await graph.StartAsync("worker");
        }

        Assert.StartsWith("1 messages dropped. No job is lost: Postgres owns them", first, StringComparison.Ordinal);
        Assert.StartsWith("0 messages dropped.", second, StringComparison.Ordinal);
        Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, job.Id)).Status);
    }

    [Fact]
    public async Task Without_the_broker_orders_are_taken_and_go_on_when_it_is_back()
    {
        for (var run = 0; run < 2; run++)
        {
            var user = _app.NewUser();
            var dropping = graph.DoneAsync("rabbitmq", "fault-drop-broker");
            await _app.App.ResourceNotifications.WaitForResourceAsync("rabbitmq", CommandGraph.HasEnded).WaitAsync(CommandGraph.Limit);
            var again = await graph.FailedAsync("rabbitmq", "fault-drop-broker");
            var job = await user.Api.CreateGenerationAsync(new NewGeneration("without a broker", Options: new("draft")), None);

            Assert.Equal("Fault: drop broker 1 s runs already: wait for its end.", again);
            Assert.StartsWith("RabbitMQ was away for 1 s and is back after", await dropping, StringComparison.Ordinal);
            Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, job.Id)).Status);
        }

        await QueueHoldsAsync(0);
    }

    [Fact]
    public async Task A_killed_worker_comes_back_and_its_job_is_made_and_bought_once()
    {
        for (var run = 0; run < 2; run++)
        {
            var user = _app.NewUser();
            var job = await user.Api.CreateGenerationAsync(new NewGeneration("killed [sim: slow=3]", Options: new("draft")), None);
            await Eventually.HoldsAsync(async () => await Spend.CountAsync(_app, job.Id) == 1, () => $"the order to reach the provider. {_app.Story()}", CommandGraph.Limit);
            var victim = WorkerId();

            var text = await graph.DoneAsync("worker", "fault-kill-worker");

            Assert.StartsWith($"Killed pid {victim}, running again after 0 s as pid {WorkerId()}.", text, StringComparison.Ordinal);
            Assert.NotEqual(victim, WorkerId());
            Assert.False(IsAlive(victim));
            Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, job.Id)).Status);
            Assert.Equal(1, await Spend.CountAsync(_app, job.Id));
        }
    }

    [Fact]
    public async Task A_throttled_provider_makes_jobs_wait()
    {
        await graph.DoneAsync("replicate", "fault-provider-429");
        var text = await graph.DoneAsync("replicate", "fault-provider-429");
        var user = _app.NewUser();
        var job = await user.Api.CreateGenerationAsync(new NewGeneration("throttled", Options: new("draft")), None);

        Assert.StartsWith("The provider answers every order with 429 for 90 s from now.", text, StringComparison.Ordinal);
        using var http = _app.Http("replicate");
        JsonElement rule = default;
        await Eventually.HoldsAsync(
            async () => (rule = Assert.Single((await http.GetFromJsonAsync<JsonElement[]>("/simulator/faults"))!)).GetProperty("hits").GetInt32() > 0,
            () => $"an order to be refused: {rule}. {_app.Story()}", CommandGraph.Limit);
        await EndFaultAsync(rule);
        Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, job.Id)).Status);
    }

    [Fact]
    public async Task A_reset_leaves_nothing_but_the_schema_and_nothing_comes_back()
    {
        var (user, database) = (_app.NewUser(), await _app.DatabaseAsync());
        var migrations = await database.ListAsync("SELECT * FROM \"__EFMigrationsHistory\" ORDER BY 1");
        for (var run = 0; run < 2; run++)
        {
            var made = await user.Api.CreateGenerationAsync(new NewGeneration("made", Options: new("draft")), None);
            await _app.WaitUntilFinalAsync(user, made.Id);
            var open = await user.Api.CreateGenerationAsync(new NewGeneration("open [sim: slow=3]", Options: new("draft")), None);
            await Eventually.HoldsAsync(async () => await Spend.CountAsync(_app, open.Id) == 1, () => $"the order to reach the provider. {_app.Story()}", CommandGraph.Limit);

            var text = await graph.DoneAsync("printcraftdb", "reset-database");

            Assert.Matches("^Every table is empty; [0-9]+ messages, what Redis knew and [0-9]+ images are gone. api, .*run again.$", text);
            Assert.Equal([], await FilledAsync(database));
            Assert.Empty(Directory.Exists(_app.ImageFolder) ? Directory.GetFiles(_app.ImageFolder, "*", SearchOption.AllDirectories) : []);
            Assert.Equal(migrations, await database.ListAsync("SELECT * FROM \"__EFMigrationsHistory\" ORDER BY 1"));
            Assert.Equal(50, (await user.Api.GetCreditsAsync(None)).Available);
            await Answers.RefusedAsync(() => user.Api.GetGenerationAsync(made.Id, None), HttpStatusCode.NotFound, "not_found");
            await Answers.RefusedAsync(() => user.Api.GetGenerationAsync(open.Id, None), HttpStatusCode.NotFound, "not_found");
        }

        var last = await user.Api.CreateGenerationAsync(new NewGeneration("afterwards", Options: new("draft")), None);
        Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, last.Id)).Status);
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM generations"));
        Assert.Equal(0, await database.ScalarAsync<long>("SELECT count(*) FROM provider_runs WHERE is_orphan"));
    }

    [Fact]
    public async Task What_cannot_be_run_says_what_to_do()
    {
        Assert.NotEmpty(await graph.FailedAsync("api", "no-such-command"));
        Assert.NotEmpty(await graph.FailedAsync("nobody", "seed-demo-data"));
        await graph.StopAsync("replicate");
        var stopped = "";
        try
        {
            stopped = await graph.FailedAsync("replicate", "fault-provider-429");
        }
        finally
        {
            await graph.StartAsync("replicate");
        }

        Assert.Equal("Fault: provider 429 needs replicate, which is Finished: start it first.", stopped);
        await graph.DoneAsync("replicate", "fault-provider-429");
        using var http = _app.Http("replicate");
        await EndFaultAsync(Assert.Single((await http.GetFromJsonAsync<JsonElement[]>("/simulator/faults"))!));
    }

    private static async Task DieAsync(Database database, Guid? generation) => await database.ExecuteAsync(
        "INSERT INTO dead_letters (id, queue, message_id, body, reason, generation_id, died_at) VALUES ($1, 'generation', $2, $3, 'rejected', $4, clock_timestamp())",
        Guid.CreateVersion7(), $"{Guid.CreateVersion7()}", $$"""{"generationId":"{{generation}}"}""", generation is { } known ? known : DBNull.Value);

    /// <summary>The tables that have rows, without the history of migrations. Those in which running processes write by themselves are not looked at.</summary>
    private static async Task<IReadOnlyList<string>> FilledAsync(Database database)
    {
        var filled = new List<string>();
        foreach (var table in await database.ListAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('__EFMigrationsHistory', 'data_protection_keys')"))
        {
            filled.AddRange(await database.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM {table})") ? [table] : []);
        }

        return filled;
    }

    /// <summary>Sooner than by itself, which the simulator's own tests look at.</summary>
    private async Task EndFaultAsync(JsonElement rule)
    {
        using var http = _app.Http("replicate");
        using var ended = await http.DeleteAsync($"/simulator/faults/{rule.GetProperty("id").GetInt64()}");
        Assert.True(ended.IsSuccessStatusCode);
    }

    private int WorkerId() => _app.App.ResourceNotifications.TryGetCurrentState("worker", out var worker)
        ? Convert.ToInt32(worker.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException("No worker.");

    private static bool IsAlive(int id) => Process.GetProcesses().Any(process => process.Id == id);

    private async Task<IChannel> ChannelAsync()
    {
        var factory = new ConnectionFactory { Uri = new Uri((await _app.App.GetConnectionStringAsync("rabbitmq"))!) };
        return await (await factory.CreateConnectionAsync()).CreateChannelAsync();
    }

    private async Task PublishAsync(Guid generation)
    {
        await using var channel = await ChannelAsync();
        await channel.BasicPublishAsync(
            Topology.WorkExchange, Topology.GenerateKey, mandatory: true, Encoding.UTF8.GetBytes($$"""{"generationId":"{{generation}}"}"""));
        await QueueHoldsAsync(1);
    }

    private async Task QueueHoldsAsync(uint wanted)
    {
        await using var channel = await ChannelAsync();
        var count = 0u;
        await Eventually.HoldsAsync(
            async () => (count = (await channel.QueueDeclarePassiveAsync(Topology.GenerationQueue)).MessageCount) == wanted,
            () => $"the queue to hold {wanted} messages, not {count}. {_app.Story()}", CommandGraph.Limit);
    }
}
