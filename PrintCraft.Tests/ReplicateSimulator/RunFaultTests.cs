using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>How a run may go wrong, and how hard its result may be to see.</summary>
public sealed class RunFaultTests(FaultySimulator faulty) : IClassFixture<FaultySimulator>
{
    [Fact]
    public async Task Slow_takes_its_time()
    {
        var began = Stopwatch.GetTimestamp();

        var ended = await faulty.Simulator.WaitForEndAsync(await faulty.CreateAsync("[sim: slow=0.7]"));

        Assert.Equal("succeeded", ended.Status());
        Assert.True(Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(0.6), "As fast as the others.");
    }

    [Theory]
    [InlineData("starting", "aborted")]
    [InlineData("processing", "canceled")]
    public async Task Stuck_runs_end_by_their_deadline(string status, string end)
    {
        var stuck = await faulty.CreateAsync($"[sim: stuck={status}]", headers: ("Cancel-After", "5s"));

        Assert.Equal(status, (await faulty.Simulator.GetAsync(stuck)).Status());
        Assert.Equal(end, (await faulty.Simulator.WaitForEndAsync(stuck)).Status());
    }

    [Theory]
    [InlineData("failed", "failed", "E1000")]
    [InlineData("nsfw", "failed", "NSFW content detected")]
    [InlineData("canceled", "canceled", null)]
    [InlineData("aborted", "aborted", null)]
    public async Task A_run_ends_as_told(string end, string status, string? error)
    {
        var ended = await faulty.Simulator.WaitForEndAsync(await faulty.CreateAsync($"[sim: end={end}]"));

        Assert.Equal(status, ended.Status());
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("output").ValueKind);
        Assert.Contains(error ?? "", ended.GetProperty("error").ToString());
        Assert.Equal(status != "aborted", ended.TryGetProperty("started_at", out _));
    }

    [Fact]
    public async Task The_canary_stands_wherever_a_vendor_writes_text()
    {
        var failed = await faulty.Simulator.WaitForEndAsync(await faulty.CreateAsync("[sim: end=failed canary]"));
        using var refused = await faulty.PostAsync("[sim: status=402 canary]");
        using var html = await faulty.PostAsync("[sim: status=502 canary]");

        Assert.Contains("vendor-canary-5e1f", failed.GetProperty("error").GetString());
        Assert.Contains("vendor-canary-5e1f", failed.GetProperty("logs").GetString());
        Assert.Contains("vendor-canary-5e1f", await refused.Content.ReadAsStringAsync());
        Assert.Contains("vendor-canary-5e1f", await html.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Reads_fail_as_often_as_told()
    {
        var created = await faulty.CreateAsync("[sim: get=429 get-times=2 retry-after=1]");
        var address = created.GetProperty("urls").GetProperty("get").GetString();
        using var first = await faulty.Simulator.Http.GetAsync(address);
        using var second = await faulty.Simulator.Http.GetAsync(address);
        using var third = await faulty.Simulator.Http.GetAsync(address);

        Assert.Equal([429, 429, 200], new[] { first, second, third }.Select(answer => (int)answer.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(1), first.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task The_list_lags()
    {
        var hidden = await faulty.CreateAsync("[sim: list-after=600]");
        var shown = await faulty.CreateAsync("no fault");
        var lagging = await faulty.CreateAsync("[sim: list-after=0.3]");

        Assert.Equal("succeeded", (await faulty.Simulator.GetAsync(hidden)).Status());
        var ids = await IdsAsync();
        Assert.Contains(shown.Id(), ids);
        Assert.DoesNotContain(hidden.Id(), ids);
        await Eventually.HoldsAsync(
            async () => (await IdsAsync()).Contains(lagging.Id()), () => "the list to show it", TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(hidden.Id(), await IdsAsync());
    }

    [Fact]
    public async Task Data_may_be_gone_before_anybody_looks()
    {
        var removed = await faulty.Simulator.GetAsync(await faulty.CreateAsync("[sim: output-lifetime=0]"));

        Assert.Equal("succeeded", removed.Status());
        Assert.True(removed.GetProperty("data_removed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, removed.GetProperty("output").ValueKind);
    }

    [Fact]
    public async Task An_output_may_expire_early()
    {
        var ended = await faulty.Simulator.GetAsync(await faulty.CreateAsync("[sim: output-lifetime=1]"));
        var file = ended.GetProperty("output")[0].GetString();

        Assert.Equal(HttpStatusCode.OK, (await faulty.Simulator.Http.GetAsync(file)).StatusCode);
        await Eventually.HoldsAsync(
            async () => (await faulty.Simulator.Http.GetAsync(file)).StatusCode == HttpStatusCode.NotFound,
            () => "the file to expire",
            TimeSpan.FromSeconds(30));
        Assert.True((await faulty.Simulator.GetAsync(ended)).GetProperty("data_removed").GetBoolean());
    }

    private async Task<string[]> IdsAsync()
    {
        var page = await faulty.Simulator.Http.GetFromJsonAsync<JsonElement>("/v1/predictions");
        return [.. page.GetProperty("results").EnumerateArray().Select(prediction => prediction.Id())];
    }
}
