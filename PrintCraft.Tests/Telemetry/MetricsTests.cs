using System.Net;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Telemetry;

/// <summary>One API, two workers, and a collector that takes what they export.</summary>
public sealed class ObservedScenario : IAsyncLifetime
{
    internal OtlpReceiver Otlp { get; private set; } = null!;

    public Scenario Scenario { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Otlp = await OtlpReceiver.StartAsync();
        Scenario = await Scenario.StartAsync(new ScenarioPlan
        {
            Workers = 2,
            Settings = new Dictionary<string, string?>(Otlp.Settings) { ["Telemetry__GaugeInterval"] = "00:00:00.300" },
        });
    }

    public async Task DisposeAsync()
    {
        await Scenario.DisposeAsync();
        await Otlp.DisposeAsync();
    }
}

/// <summary>What reaches a collector over OTLP, by the names and labels that dashboards and alerts are made with.</summary>
public sealed class MetricsTests(ObservedScenario fixture) : IClassFixture<ObservedScenario>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly double[] Buckets = [0.1, 5, 15, 50, 100, 500];

    private static readonly string[] Requested =
    [
        "method=GET,route=/api/v1/generations/{id:guid},status=404",
        "method=GET,route=unknown,status=404",
        "method=_OTHER,route=unknown,status=405",
    ];

    private readonly Scenario _scenario = fixture.Scenario;
    private readonly OtlpReceiver _otlp = fixture.Otlp;

    [Fact]
    public async Task Each_job_counts_once_when_it_is_created_and_once_when_it_ends()
    {
        var (before, endedBefore) = (_otlp.Totals("generation_total"), Counts("printcraft.jobs.duration"));
        var user = _scenario.NewUser();
        var made = await OrderTwiceAsync(user, "watercolor", "slow=0.1");
        var failed = await OrderTwiceAsync(user, "cartoon", "end=nsfw slow=0.1");
        var stopped = await OrderTwiceAsync(user, "minimalist", "slow=60");
        await _scenario.UntilAsync("EXISTS (SELECT FROM generation_images WHERE generation_id = $1 AND status = 'submitted')", stopped);
        await CancelTwiceAsync(user, stopped);
        Assert.Equal(
            ["succeeded||1|0", "failed|content_refused|0|1", "canceled||0|1"],
            await Task.WhenAll(new[] { made, failed, stopped }.Select(id => _scenario.EndAsync(id))));
        // And one that no worker has had.
        _scenario.Workers.ToList().ForEach(worker => worker.Stop());
        var early = await OrderTwiceAsync(user, "photorealistic", "slow=0.1");
        await CancelTwiceAsync(user, early);
        _scenario.Workers.ToList().ForEach(worker => worker.Continue());
        var refused = await user.PostAsync(Posting.Order() with { MaxCredits = 0 }, $"{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.Status);

        var expected = new Dictionary<string, double>
        {
            ["status=created,style=watercolor"] = 1,
            ["status=succeeded,style=watercolor"] = 1,
            ["status=created,style=cartoon"] = 1,
            ["status=failed,style=cartoon"] = 1,
            ["status=created,style=minimalist"] = 1,
            ["status=canceled,style=minimalist"] = 1,
            ["status=created,style=photorealistic"] = 1,
            ["status=canceled,style=photorealistic"] = 1,
        };
        string[] ends = ["outcome=canceled: 2", "outcome=failed: 1", "outcome=succeeded: 1"];
        IEnumerable<string> seen = [], ended = [];
        await Eventually.HoldsAsync(
            () =>
            {
                var now = _otlp.Totals("generation_total");
                seen = [.. now.Select(one => $"{one.Key}: {one.Value - before.GetValueOrDefault(one.Key)}").Where(line => !line.Contains("style=none", StringComparison.Ordinal)).Order()];
                ended = [.. Counts("printcraft.jobs.duration").Select(one => $"{one.Key}: {one.Value - endedBefore.GetValueOrDefault(one.Key)}").Order()];
                return Task.FromResult(seen.SequenceEqual(expected.Select(one => $"{one.Key}: {one.Value}").Order()) && ended.SequenceEqual(ends));
            },
            () => $"one of each; there is {string.Join("; ", seen)}; ended have {string.Join("; ", ended)}. {_scenario.Story()}",
            Limit);
        Assert.Equal("s", _otlp.Newest("printcraft.jobs.duration")[0].Unit);
        Assert.True(_otlp.Newest("printcraft.jobs.queue_wait").Sum(point => (int)point.Count) >= 3, "a wait for each job that was begun");
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    public async Task Requests_are_measured_by_method_route_and_status_in_the_promised_buckets()
    {
        var user = _scenario.NewUser();
        using (await user.Http.GetAsync($"/api/v1/generations/{Guid.NewGuid()}?secret=canary"))
        using (await user.Http.GetAsync("/nowhere/canary"))
        using (await user.Http.GetAsync("/alive"))
        using (await user.Http.GetAsync("/health"))
        using (await user.Http.SendAsync(new HttpRequestMessage(new HttpMethod("CANARY"), "/api/v1/credits")))
        {
            await Eventually.HoldsAsync(
                () => Task.FromResult(Requested.All(_otlp.Newest("http_request_duration_ms").Select(point => point.Series).Contains)),
                () => $"the requests; there are {string.Join("; ", _otlp.Newest("http_request_duration_ms").Select(point => point.Series))}",
                Limit);
        }

        var points = _otlp.Newest("http_request_duration_ms");
        Assert.All(points, point => Assert.Equal(("ms", Buckets), (point.Unit, point.Bounds), (one, other) => one.Item1 == other.Item1 && one.Item2.SequenceEqual(other.Item2)));
        Assert.DoesNotContain(points, point => point.Series.Contains("route=/health,", StringComparison.Ordinal) || point.Series.Contains("route=/alive,", StringComparison.Ordinal));
        Assert.Equal(0, _otlp.Occurrences("metrics", "canary"));
        Assert.Equal(0, _otlp.Occurrences("metrics", "CANARY"));
    }

    [Fact]
    public async Task What_is_open_is_shown_by_one_worker_and_by_another_when_that_one_is_killed()
    {
        var user = _scenario.NewUser();
        var first = await _scenario.OrderAsync(user, "slow=60");
        await ShownAsync(processing: 1, held: 1);
        Assert.Equal(1, Shown("printcraft.jobs.active", "state=pending")?.Count);

        // Whichever showed it: after both have died once, it was one that died.
        foreach (var (worker, open) in _scenario.Workers.Zip([2, 3]))
        {
            await worker.KillAsync();
            await _scenario.OrderAsync(user, "slow=60");
            await ShownAsync(open, open);
            await worker.StartAsync();
        }

        foreach (var id in await _scenario.Sql.ListAsync("SELECT id FROM generations WHERE user_id = $1", user.Id))
        {
            await user.Api.CancelGenerationAsync(Guid.Parse(id), CancellationToken.None);
        }

        await _scenario.EndAsync(first);
        await ShownAsync(0, 0);
        Assert.Equal("s", _otlp.Newest("printcraft.outbox.lag")[^1].Unit);
        Assert.Equal("s", _otlp.Newest("printcraft.jobs.oldest_wait")[^1].Unit);
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    public async Task The_health_details_are_for_the_admin_and_name_no_server_and_no_password()
    {
        var (anyone, user, admin) = (new HttpClient { BaseAddress = _scenario.Api.Address }, _scenario.NewUser(), _scenario.User("admin"));
        using (anyone)
        {
            using var nobody = await anyone.GetAsync("/health/details");
            await nobody.ProblemAsync(HttpStatusCode.Unauthorized, "missing_token");
            using var other = await user.Http.GetAsync("/health/details");
            await other.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
            Assert.Equal("Healthy", await anyone.GetStringAsync("/health"));
        }

        _scenario.Redis.Refuse();
        try
        {
            var text = "";
            await Eventually.HoldsAsync(
                async () => (text = await admin.Http.GetStringAsync("/health/details")).Contains("degraded", StringComparison.OrdinalIgnoreCase), () => $"Redis to be missed: {text}", Limit);

            var details = JsonSerializer.Deserialize<JsonElement>(text);
            Assert.Equal("degraded", details.GetProperty("status").GetString());
            var checks = details.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!, check => check.GetProperty("status").GetString());
            Assert.Equal("healthy", checks["self"]);
            Assert.Equal("degraded", Assert.Single(checks, check => check.Key.Contains("Redis", StringComparison.Ordinal)).Value);
            Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
            Assert.DoesNotContain("password", text, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            _scenario.Redis.Pass();
        }
    }

    /// <summary>Of a histogram, by its labels.</summary>
    private Dictionary<string, int> Counts(string metric) =>
        _otlp.Newest(metric).GroupBy(point => point.Series).ToDictionary(series => series.Key, series => series.Sum(point => (int)point.Count));

    /// <summary>The same order with the same key, twice: one job.</summary>
    private async Task<Guid> OrderTwiceAsync(TestUser user, string style, string fault)
    {
        var order = new NewGeneration(Scenario.Prompt(fault), style, new("draft", 512, 512));
        var key = $"{Guid.NewGuid()}";
        var answers = new[] { await user.PostAsync(order, key), await user.PostAsync(order, key) };
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, answers[0].Id), (answer.Status, answer.Id)));
        _scenario.Accepted(answers[0].Id);
        return answers[0].Id;
    }

    private static async Task CancelTwiceAsync(TestUser user, Guid id)
    {
        await user.Api.CancelGenerationAsync(id, CancellationToken.None);
        await user.Api.CancelGenerationAsync(id, CancellationToken.None);
    }

    private Task ShownAsync(int processing, int held) => Eventually.HoldsAsync(
        () => Task.FromResult(Shown("printcraft.jobs.active", "state=processing") is { Value: var open } && open == processing && Shown("printcraft.credits.held", "") is { Value: var credits } && credits == held),
        () => $"{processing} jobs and {held} credits; shown are {Shown("printcraft.jobs.active", "state=processing")?.Value} and {Shown("printcraft.credits.held", "")?.Value}. {_scenario.Story()}",
        Limit);

    /// <summary>The newest value, and how many processes are in the last export that shows any: (value, processes).</summary>
    private (double Value, int Count)? Shown(string metric, string series) =>
        _otlp.Points(metric).Where(point => point.Series == series).TakeLast(6).ToList() is { Count: > 0 } last ? (last[^1].Value, last.Select(point => point.Start).Distinct().Count()) : null;
}
