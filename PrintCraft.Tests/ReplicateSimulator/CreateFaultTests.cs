using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>What a create may be answered instead of a prediction, and whether it costs.</summary>
public sealed class CreateFaultTests(FaultySimulator faulty) : IClassFixture<FaultySimulator>
{
    [Theory]
    [InlineData(401, "application/problem+json", "valid authentication token")]
    [InlineData(402, "application/problem+json", "insufficient credit")]
    [InlineData(422, "application/problem+json", "invalid_fields")]
    [InlineData(429, "application/problem+json", "Request was throttled. Your rate limit resets in ~30s.")]
    [InlineData(500, "application/problem+json", "unexpected error")]
    [InlineData(502, "text/html", "502 BadGateway")]
    [InlineData(503, "text/html", "503 ServiceUnavailable")]
    public async Task A_refusal_costs_nothing(int status, string type, string text)
    {
        using var answer = await faulty.PostAsync($"[sim: status={status}]", Hook($"refused-{status}"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
        Assert.Empty(await SpendAsync($"refused-{status}"));
        var hit = Assert.Single(await faulty.ListAsync($"/simulator/faults/hits?webhook-contains=refused-{status}"));
        Assert.Equal($"status={status}", hit.GetProperty("script").GetString());
        Assert.Equal(JsonValueKind.Null, hit.GetProperty("prediction").ValueKind);
    }

    [Fact]
    public async Task Retry_after_is_seconds_or_a_date()
    {
        using var seconds = await faulty.PostAsync("[sim: status=429 retry-after=7]");
        using var date = await faulty.PostAsync("[sim: status=503 retry-after=date:7]");

        Assert.Equal(TimeSpan.FromSeconds(7), seconds.Headers.RetryAfter?.Delta);
        Assert.Equal("0", seconds.Headers.GetValues("ratelimit-remaining").Single());
        Assert.Equal(7, (await seconds.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("retry_after").GetInt32());
        Assert.InRange((date.Headers.RetryAfter!.Date!.Value - TimeProvider.System.GetUtcNow()).TotalSeconds, -20, 7);
    }

    [Fact]
    public async Task Tags_are_steps_and_times_counts_them()
    {
        const string Prompt = "[sim: status=429 times=2] steps [sim: times=1] [sim: status=402 times=1]";
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await faulty.PostAsync(Prompt);
            statuses.Add((int)answer.StatusCode);
        }

        using var other = await faulty.PostAsync(Prompt + " of another prompt");

        Assert.Equal([429, 429, 201, 402, 201], statuses);
        Assert.Equal(429, (int)other.StatusCode);
    }

    [Theory]
    [InlineData("[sim: reset]", 0)]
    [InlineData("[sim: reset accepted]", 1)]
    public async Task A_reset_hides_whether_it_cost(string tag, int bought)
    {
        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => faulty.PostAsync(tag, Hook($"reset-{bought}")));

        Assert.Equal(SocketError.ConnectionReset, (broken.GetBaseException() as SocketException)?.SocketErrorCode);
        Assert.Equal(bought, (await SpendAsync($"reset-{bought}")).Length);
    }

    [Fact]
    public async Task A_status_may_hide_a_prediction_that_runs()
    {
        using var answer = await faulty.PostAsync("[sim: status=502 accepted]", Hook("hidden"));

        Assert.Equal(502, (int)answer.StatusCode);
        Assert.Equal("succeeded", Assert.Single(await SpendAsync("hidden")).Status());
    }

    [Fact]
    public async Task A_late_answer_leaves_the_prediction_to_be_found()
    {
        var late = faulty.PostAsync("[sim: answer-after=600]", Hook("late"));

        await Eventually.HoldsAsync(
            async () => (await SpendAsync("late")).SingleOrDefault() is { ValueKind: JsonValueKind.Object } line && line.Status() == "succeeded",
            () => "the prediction whose answer is late",
            TimeSpan.FromSeconds(30));
        Assert.False(late.IsCompleted);
    }

    [Fact]
    public async Task Spend_tells_what_was_canceled()
    {
        var created = await faulty.CreateAsync("[sim: slow=600]", Hook("canceled"));
        Assert.Equal("starting", Assert.Single(await SpendAsync("canceled")).Status());

        using var answer = await faulty.Simulator.Http.PostAsync($"/v1/predictions/{created.Id()}/cancel", null);

        Assert.Equal("canceled", Assert.Single(await SpendAsync("canceled")).Status());
    }

    [Theory]
    [InlineData("[sim: sttus=429]", "'sttus=429' is no fault")]
    [InlineData("[sim: status=429", "no ']'")]
    public async Task A_wrong_tag_is_refused_by_its_word(string prompt, string text)
    {
        using var answer = await faulty.PostAsync(prompt);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task In_production_a_tag_is_text()
    {
        await using var simulator = await RunningSimulator.StartAsync("Production", []);

        Assert.Equal("starting", (await simulator.CreateAsync(new { prompt = "[sim: status=429] [sim: nonsense", width = 64, height = 64 })).Status());
        using var control = await simulator.PostAsync("/simulator/faults", new { script = "status=429" });
        Assert.Equal(404, (int)control.StatusCode);
    }

    private static string Hook(string job) => $"http://127.0.0.1:9/hook?job={job};";

    private Task<JsonElement[]> SpendAsync(string job) => faulty.ListAsync($"/simulator/spend?webhook-contains=job={job};");
}
