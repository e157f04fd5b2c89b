using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed partial class PredictionLifeTests
{
    [Fact]
    public async Task Sync_mode_waits_for_the_result()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);

        using var answer = await simulator.PostAsync("/v1/predictions", RunningSimulator.SmallLake, ("Prefer", "wait=10"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("wait=10", answer.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("succeeded", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Status());
    }

    [Fact]
    public async Task Sync_mode_gives_up_in_time_and_says_where_to_look()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:10:00");

        using var answer = await simulator.PostAsync("/v1/predictions", RunningSimulator.SmallLake, ("Prefer", "wait=1"));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var prediction = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("starting", prediction.Status());
        Assert.Equal(prediction.GetProperty("urls").GetProperty("get").GetString(), answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Cancel_ends_a_prediction_once()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:10:00");
        var created = await simulator.CreateAsync();

        var canceled = await CancelAsync(simulator, created);
        var again = await CancelAsync(simulator, created);

        Assert.Equal("canceled", canceled.Status());
        Assert.Equal(JsonValueKind.Null, canceled.GetProperty("output").ValueKind);
        Assert.True(canceled.GetProperty("metrics").TryGetProperty("predict_time", out _));
        Assert.Equal(canceled.ToString(), again.ToString());
    }

    [Fact]
    public async Task Cancel_after_the_end_changes_nothing()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);
        var ended = await simulator.WaitForEndAsync(await simulator.CreateAsync());

        Assert.Equal(ended.ToString(), (await CancelAsync(simulator, ended)).ToString());
    }

    [Fact]
    public async Task Deadline_aborts_before_the_start_and_cancels_after_it()
    {
        await using var slow = await RunningSimulator.StartAsync("Simulator:Latency=00:10:00");
        await using var running = await RunningSimulator.StartAsync("Simulator:Latency=00:00:20");

        var waiting = await slow.CreateAsync(headers: ("Cancel-After", "5"));
        var started = await running.CreateAsync(headers: ("Cancel-After", "5s"));

        Assert.Equal(waiting.GetProperty("created_at").GetDateTime().AddSeconds(5), waiting.GetProperty("deadline").GetDateTime());
        Assert.Equal("aborted", (await slow.WaitForEndAsync(waiting)).Status());
        Assert.Equal("canceled", (await running.WaitForEndAsync(started)).Status());
    }

    [Theory]
    [InlineData("4s", 422)]
    [InlineData("soon", 422)]
    [InlineData("1h30m45s", 201)]
    [InlineData("90", 201)]
    public async Task Cancel_after_is_a_duration_of_five_seconds_or_more(string duration, int status)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        using var answer = await simulator.PostAsync("/v1/predictions", RunningSimulator.SmallLake, ("Cancel-After", duration));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(1001, 1024, "divisible by 8")]
    [InlineData(4096, 4096, "E1001")]
    public async Task Sizes_that_the_machine_cannot_make_fail_in_the_run(int width, int height, string error)
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);

        var ended = await simulator.WaitForEndAsync(await simulator.CreateAsync(new { prompt = "a", width, height }));

        Assert.Equal("failed", ended.Status());
        Assert.Contains(error, ended.GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("output").ValueKind);
    }

    [Fact]
    public async Task Data_is_removed_after_its_lifetime()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick, "Simulator:OutputLifetime=00:00:01");
        var ended = await simulator.WaitForEndAsync(await simulator.CreateAsync());
        var file = ended.GetProperty("output")[0].GetString();
        Assert.Equal(HttpStatusCode.OK, (await simulator.Http.GetAsync(file)).StatusCode);

        var began = Stopwatch.StartNew();
        JsonElement removed;
        for (removed = ended; !removed.GetProperty("data_removed").GetBoolean(); removed = await simulator.GetAsync(ended))
        {
            Assert.True(began.Elapsed < TimeSpan.FromSeconds(30), "Never removed.");
            await Task.Delay(50);
        }

        Assert.Equal("succeeded", removed.Status());
        Assert.Equal("{}", removed.GetProperty("input").ToString());
        Assert.Equal("", removed.GetProperty("logs").GetString());
        Assert.Equal(JsonValueKind.Null, removed.GetProperty("output").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.GetAsync(file)).StatusCode);
    }

    private static async Task<JsonElement> CancelAsync(RunningSimulator simulator, JsonElement prediction)
    {
        using var answer = await simulator.Http.PostAsync(prediction.GetProperty("urls").GetProperty("cancel").GetString(), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
