using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PrintCraft.ReplicateSimulator.Webhooks;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed class WebhookDeliveryTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string WithSecret = "Simulator:WebhookSecret=" + Secret;
    private const string Impatient = "Simulator:WebhookRetryDelay=00:00:00.05";

    /// <summary>The vector of the Standard Webhooks specification.</summary>
    [Fact]
    public void Signature_is_the_known_answer() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Sign(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task Without_a_filter_output_and_end_are_told_with_the_bare_prediction_signed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync(WithSecret, RunningSimulator.Quick);

        var created = await simulator.CreateAsync(webhook: receiver.Url);
        Delivery[] deliveries = [await receiver.NextAsync(), await receiver.NextAsync()];

        Assert.Equal(["processing", "succeeded"], deliveries.Select(delivery => delivery.Prediction.Status()).Order());
        Assert.All(deliveries, delivery => Assert.Equal(JsonValueKind.Array, delivery.Prediction.GetProperty("output").ValueKind));
        Assert.All(deliveries, delivery => Assert.Equal("/hook?job=1", delivery.Path));
        Assert.All(deliveries, delivery => Assert.Equal("application/json", delivery.Headers["content-type"]));
        Assert.All(deliveries, AssertSigned);
        var last = deliveries.Single(delivery => delivery.Prediction.Status() == "succeeded");
        Assert.Equal((await simulator.GetAsync(created)).ToString(), last.Prediction.ToString());
    }

    [Fact]
    public async Task Filter_chooses_the_events()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:01");

        await simulator.CreateAsync(webhook: receiver.Url, filter: ["start", "completed"]);
        var deliveries = await receiver.UntilEndAsync();

        Assert.Equal(["processing", "succeeded"], deliveries.Select(delivery => delivery.Prediction.Status()));
        Assert.False(deliveries[0].Prediction.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Logs_are_told_at_most_every_half_second()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:02");

        await simulator.CreateAsync(webhook: receiver.Url, filter: ["logs", "completed"]);
        var logs = (await receiver.UntilEndAsync())[..^1];

        // On a busy machine the run takes longer and a delivery comes late: the mean of the gaps still tells.
        Assert.InRange(logs.Count, 2, int.MaxValue);
        var mean = Stopwatch.GetElapsedTime(logs[0].At, logs[^1].At) / (logs.Count - 1);
        Assert.True(mean > TimeSpan.FromMilliseconds(350), $"{logs.Count} logs, {mean} apart");
    }

    [Fact]
    public async Task End_is_told_again_with_the_same_id_until_someone_listens()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync(WithSecret, RunningSimulator.Quick, Impatient);
        var answers = new Queue<IResult>([Results.StatusCode(500), Results.StatusCode(404), Results.NoContent()]);
        receiver.Answer = _ => answers.Dequeue();

        await simulator.CreateAsync(webhook: receiver.Url, filter: ["completed"]);
        Delivery[] deliveries = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];

        Assert.Single(deliveries.Select(delivery => delivery.Headers["webhook-id"]).Distinct());
        Assert.All(deliveries, delivery => Assert.Equal(deliveries[0].Body, delivery.Body));
        Assert.All(deliveries, AssertSigned);
    }

    [Fact]
    public async Task Other_events_are_told_once()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:01", Impatient);
        receiver.Answer = delivery => delivery.Prediction.Status() == "processing" ? Results.StatusCode(500) : Results.NoContent();

        await simulator.CreateAsync(webhook: receiver.Url, filter: ["start", "completed"]);

        Assert.Equal(["processing", "succeeded"], (await receiver.UntilEndAsync()).Select(delivery => delivery.Prediction.Status()));
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick, Impatient);
        var answers = new Queue<IResult>([Results.Redirect("/elsewhere", permanent: true, preserveMethod: true), Results.NoContent()]);
        receiver.Answer = _ => answers.Dequeue();

        await simulator.CreateAsync(webhook: receiver.Url, filter: ["completed"]);
        Delivery[] deliveries = [await receiver.NextAsync(), await receiver.NextAsync()];

        Assert.All(deliveries, delivery => Assert.Equal("/hook?job=1", delivery.Path));
    }

    [Fact]
    public async Task Cancel_is_told_as_an_end()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:10:00");
        var created = await simulator.CreateAsync(webhook: receiver.Url);

        using var answer = await simulator.Http.PostAsync($"/v1/predictions/{created.Id()}/cancel", null);

        Assert.Equal("canceled", (await receiver.NextAsync()).Prediction.Status());
    }

    [Fact]
    public async Task Webhook_belongs_to_the_trace_of_the_create()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);
        var trace = ActivityTraceId.CreateRandom();

        var parent = $"00-{trace}-00f067aa0ba902b7-01";
        await simulator.CreateAsync(webhook: receiver.Url, filter: ["completed"], headers: ("traceparent", parent));

        Assert.Equal(trace.ToString(), (await receiver.NextAsync()).Headers["traceparent"].Split('-')[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://127.0.0.1/hook")]
    [InlineData("file:///etc/hosts")]
    [InlineData("hook")]
    public async Task Webhook_must_be_http(string webhook)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        var request = new { version = RunningSimulator.Sdxl, input = new { prompt = "a" }, webhook };
        using var answer = await simulator.PostAsync("/v1/predictions", request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var invalid = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("invalid_fields");
        Assert.Equal("webhook", invalid[0].GetProperty("field").GetString());
    }

    /// <summary>Verifies with code of its own, not with the simulator's.</summary>
    private static void AssertSigned(Delivery delivery)
    {
        var content = $"{delivery.Headers["webhook-id"]}.{delivery.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(delivery.Body)}";
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content)));
        Assert.Equal($"v1,{expected}", delivery.Headers["webhook-signature"]);
        var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(delivery.Headers["webhook-timestamp"]));
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(60));
    }
}
