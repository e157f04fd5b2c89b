using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Replicate;
using PrintCraft.Tests.Replicate;
using PrintCraft.Worker.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>What each answer to a request for an image says about money: whether an image may have been bought.</summary>
public sealed class SubmitOutcomeTests
{
    private const string Prediction = """{"id":"gm3qorzdhgbfurvjtvhg6dckhu","status":"starting","input":{},"error":null,"logs":""}""";

    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(202)]
    public async Task A_prediction_was_taken(int status)
    {
        var outcome = await OutcomeAsync(CannedReplicate.Answer(status, Prediction));

        Assert.Equal("gm3qorzdhgbfurvjtvhg6dckhu", Assert.IsType<SubmitOutcome.Taken>(outcome).Prediction.Id);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(402)]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Too_fast_no_credit_and_no_permission_were_not_taken(int status)
    {
        Assert.Equal(new SubmitOutcome.NotTaken(null), await OutcomeAsync(CannedReplicate.Answer(status, """{"detail":"no"}""")));
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("0", 0)]
    [InlineData("Sat, 21 Nov 2026 12:01:30 GMT", 90)]
    [InlineData("Sat, 21 Nov 2026 11:59:00 GMT", -60)]
    public async Task Not_taken_says_how_long_the_provider_asks_to_wait(string retryAfter, int seconds)
    {
        var outcome = await OutcomeAsync(CannedReplicate.Answer(429, """{"detail":"Request was throttled."}""", ("Retry-After", retryAfter), ("Date", "Sat, 21 Nov 2026 12:00:00 GMT")));

        Assert.Equal(new SubmitOutcome.NotTaken(TimeSpan.FromSeconds(seconds)), outcome);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task A_wait_that_cannot_be_read_is_none(string retryAfter)
    {
        Assert.Equal(new SubmitOutcome.NotTaken(null), await OutcomeAsync(CannedReplicate.Answer(429, "{}", ("Retry-After", retryAfter))));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_wrong_request_is_refused_for_good(int status)
    {
        Assert.Equal(new SubmitOutcome.Refused(), await OutcomeAsync(CannedReplicate.Answer(status, """{"detail":"no"}""")));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task After_a_server_error_or_a_timeout_it_may_run(int status)
    {
        Assert.Equal(new SubmitOutcome.Unknown(), await OutcomeAsync(CannedReplicate.Answer(status, """{"detail":"no"}""", ("Retry-After", "1"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"","status":"starting"}""")]
    [InlineData("""{"id":"gm3q","status":""")]
    [InlineData("[]")]
    [InlineData("<html>Please wait</html>")]
    public async Task After_a_success_that_names_no_prediction_it_may_run(string body)
    {
        Assert.Equal(new SubmitOutcome.Unknown(), await OutcomeAsync(CannedReplicate.Answer(201, body)));
    }

    [Fact]
    public async Task After_a_success_without_content_it_may_run()
    {
        var outcome = await OutcomeAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });

        Assert.Equal(new SubmitOutcome.Unknown(), outcome);
    }

    [Fact]
    public async Task After_an_answer_that_breaks_off_it_may_run()
    {
        var outcome = await OutcomeAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync(Prediction[..30]);
            await context.Response.Body.FlushAsync();
            context.Abort();
        });

        Assert.Equal(new SubmitOutcome.Unknown(), outcome);
    }

    [Fact]
    public async Task After_a_timeout_it_may_run()
    {
        await using var replicate = await CannedReplicate.StartAsync(NeverAsync, ("Replicate:Timeout", "00:00:00.300"));

        Assert.Equal(new SubmitOutcome.Unknown(), await SubmitAsync(replicate.Api));
    }

    [Fact]
    public async Task When_nobody_listens_it_was_not_taken()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = CannedReplicate.Client(("Replicate:BaseAddress", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndPoint!).Port}"));

        Assert.Equal(new SubmitOutcome.NotTaken(null), await SubmitAsync(client.Services.GetRequiredService<IReplicateApi>()));
    }

    [Fact]
    public async Task When_the_handshake_fails_it_was_not_taken()
    {
        await using var plain = await CannedReplicate.StartAsync(201, Prediction);
        using var client = CannedReplicate.Client(("Replicate:BaseAddress", plain.Address.Replace("http:", "https:", StringComparison.Ordinal)));

        Assert.Equal(new SubmitOutcome.NotTaken(null), await SubmitAsync(client.Services.GetRequiredService<IReplicateApi>()));
        Assert.Empty(plain.Asked);
    }

    /// <summary>The connection is an old one, which is when HTTP clients like to send a request again by themselves.</summary>
    [Fact]
    public async Task When_the_connection_breaks_after_the_request_it_may_run_and_is_not_sent_again()
    {
        var answered = 0;
        await using var replicate = await CannedReplicate.StartAsync(async context =>
        {
            if (answered++ == 0)
            {
                await CannedReplicate.Answer(201, Prediction)(context);
                return;
            }

            context.Abort();
        });
        Assert.IsType<SubmitOutcome.Taken>(await SubmitAsync(replicate.Api));

        Assert.Equal(new SubmitOutcome.Unknown(), await SubmitAsync(replicate.Api));
        Assert.Equal(2, replicate.Asked.Count);
    }

    private static async Task<SubmitOutcome> OutcomeAsync(RequestDelegate answer)
    {
        await using var replicate = await CannedReplicate.StartAsync(answer);
        return await SubmitAsync(replicate.Api);
    }

    private static async Task<SubmitOutcome> SubmitAsync(IReplicateApi api)
    {
        using var response = await api.CreateAsync(new CreatePrediction("7762", new JsonObject { ["prompt"] = "a red fox" }, null, null), "30s", CancellationToken.None);
        return SubmitOutcome.Of(response, Noon);
    }

    private static async Task NeverAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client gave up, as it should.
        }
    }
}
