using System.Net;
using System.Text.Json.Nodes;

using PrintCraft.Replicate;

namespace PrintCraft.Tests.Replicate;

/// <summary>Replicate's HTTP API as IReplicateApi speaks it. Bodies of answers are those of Replicate's documentation and recordings.</summary>
public sealed class ReplicateWireTests
{
    private const string Starting =
        """
        {"id":"gm3qorzdhgbfurvjtvhg6dckhu","model":"stability-ai/sdxl","version":"7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc",
        "input":{"prompt":"a red fox","seed":43},"logs":"","error":null,"status":"starting","created_at":"2026-11-21T12:00:00.123Z","data_removed":false,
        "urls":{"cancel":"https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu/cancel","get":"https://api.replicate.com/v1/predictions/gm3qorzdhgbfurvjtvhg6dckhu"}}
        """;

    private static readonly JsonObject Input = new() { ["prompt"] = "a red fox & \"more\"", ["seed"] = 43 };

    [Fact]
    public async Task A_pinned_version_is_run_with_a_POST_of_version_input_and_webhook()
    {
        await using var replicate = await CannedReplicate.StartAsync(201, Starting);
        var body = new CreatePrediction("7762", Input, "https://api.example/webhooks/replicate?job=1&token=2", ["start", "logs", "completed"]);

        using var response = await replicate.Api.CreateAsync(body, "840s", CancellationToken.None);

        var request = Assert.Single(replicate.Asked);
        Assert.Equal(("POST", "/v1/predictions"), (request.Method, request.Target));
        AssertJson(
            """
            {"version":"7762","input":{"prompt":"a red fox & \"more\"","seed":43},
            "webhook":"https://api.example/webhooks/replicate?job=1&token=2","webhook_events_filter":["start","logs","completed"]}
            """,
            request.Body);
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal("Bearer r8_test", request.Headers["Authorization"]);
        Assert.Equal("840s", request.Headers["Cancel-After"]);
        Assert.DoesNotContain("Prefer", request.Headers.Keys);
    }

    [Fact]
    public async Task An_official_model_is_run_at_its_own_route_without_version_and_webhook()
    {
        await using var replicate = await CannedReplicate.StartAsync(201, Starting);

        using var response = await replicate.Api.CreateForModelAsync(
            "black-forest-labs", "flux-1.1-pro", new CreatePrediction(null, Input, null, null), "30s", CancellationToken.None);

        var request = Assert.Single(replicate.Asked);
        Assert.Equal(("POST", "/v1/models/black-forest-labs/flux-1.1-pro/predictions"), (request.Method, request.Target));
        AssertJson("""{"input":{"prompt":"a red fox & \"more\"","seed":43}}""", request.Body);
        Assert.Equal("30s", request.Headers["Cancel-After"]);
    }

    [Fact]
    public async Task Reading_and_cancelling_name_the_prediction_in_the_path()
    {
        await using var replicate = await CannedReplicate.StartAsync(200, Starting);

        using var read = await replicate.Api.GetAsync("gm3q", CancellationToken.None);
        using var canceled = await replicate.Api.CancelAsync("gm3q", CancellationToken.None);

        Assert.Equal(
            [("GET", "/v1/predictions/gm3q", "Bearer r8_test", ""), ("POST", "/v1/predictions/gm3q/cancel", "Bearer r8_test", "")],
            replicate.Asked.Select(request => (request.Method, request.Target, request.Headers["Authorization"], request.Body)));
    }

    [Fact]
    public async Task Predictions_are_listed_page_by_page()
    {
        await using var replicate = await CannedReplicate.StartAsync(
            200,
            $$"""{"previous":null,"next":"https://api.replicate.com/v1/predictions?cursor=cD0yMDIy","results":[{{Starting}}]}""");

        var first = await replicate.Api.ListAsync(null, null, null, CancellationToken.None);
        await replicate.Api.ListAsync("2026-11-21T12:00:00.0000000Z", "2026-11-21T13:00:00.0000000Z", "cD0y+/=", CancellationToken.None);

        Assert.Equal(
            ["/v1/predictions", "/v1/predictions?created_after=2026-11-21T12%3A00%3A00.0000000Z&created_before=2026-11-21T13%3A00%3A00.0000000Z&cursor=cD0y%2B%2F%3D"],
            replicate.Asked.Select(request => request.Target));
        Assert.Equal("https://api.replicate.com/v1/predictions?cursor=cD0yMDIy", first.Next);
        Assert.Equal("gm3qorzdhgbfurvjtvhg6dckhu", Assert.Single(first.Results).Id);
    }

    [Fact]
    public async Task The_key_of_the_webhooks_is_read()
    {
        await using var replicate = await CannedReplicate.StartAsync(200, """{"key":"whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"}""");

        var secret = await replicate.Api.GetWebhookSecretAsync(CancellationToken.None);

        Assert.Equal(("GET", "/v1/webhooks/default/secret"), (replicate.Asked[0].Method, replicate.Asked[0].Target));
        Assert.Equal("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", secret.Key);
    }

    [Fact]
    public async Task A_prediction_that_starts_has_no_output_yet()
    {
        var prediction = await ReadAsync(Starting);

        Assert.Equal(("gm3qorzdhgbfurvjtvhg6dckhu", "starting", "", false), (prediction.Id, prediction.Status, prediction.Logs, prediction.DataRemoved));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.Zero), prediction.CreatedAt);
        Assert.Equal("a red fox", prediction.Input!["prompt"]!.GetValue<string>());
        Assert.Empty(prediction.Outputs);
        Assert.Null(prediction.Error);
    }

    [Theory]
    [InlineData("""["https://replicate.delivery/a.png","https://replicate.delivery/b.png"]""", "https://replicate.delivery/a.png", "https://replicate.delivery/b.png")]
    [InlineData("\"https://replicate.delivery/a.png\"", "https://replicate.delivery/a.png")]
    [InlineData("\"data:image/png;base64,AAAA\"", "data:image/png;base64,AAAA")]
    [InlineData("""[null,7,"https://replicate.delivery/a.png"]""", "https://replicate.delivery/a.png")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("7")]
    public async Task Outputs_are_the_addresses_whichever_way_the_model_gives_them(string output, params string[] addresses)
    {
        var prediction = await ReadAsync($$"""{"id":"gm3q","status":"succeeded","output":{{output}},"metrics":{"predict_time":2.5,"total_time":3},"webhook":"https://api.example/?token=2"}""");

        Assert.Equal(addresses, prediction.Outputs);
        Assert.Equal((2.5, "https://api.example/?token=2"), (prediction.Metrics!.PredictTime, prediction.Webhook));
    }

    [Fact]
    public async Task A_prediction_that_failed_has_the_models_words()
    {
        var prediction = await ReadAsync("""{"id":"gm3q","status":"failed","output":null,"error":"NSFW content detected","logs":"Traceback","metrics":{}}""");

        Assert.Equal(("failed", "NSFW content detected", "Traceback"), (prediction.Status, prediction.Error.ToString(), prediction.Logs));
        Assert.Null(prediction.Metrics!.PredictTime);
    }

    [Fact]
    public async Task A_prediction_whose_data_is_removed_still_reads()
    {
        var prediction = await ReadAsync("""{"id":"gm3q","status":"succeeded","input":{},"output":null,"logs":null,"error":null,"data_removed":true,"created_at":null}""");

        Assert.True(prediction.DataRemoved);
        Assert.Empty(prediction.Outputs);
        Assert.Null(prediction.CreatedAt);
    }

    [Theory]
    [InlineData(401, """{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}""")]
    [InlineData(404, """{"detail":"The requested resource could not be found.","status":404}""")]
    [InlineData(422, """{"title":"Input validation failed","detail":"- input: prompt is required\n","status":422,"invalid_fields":[{"type":"required","field":"input"}]}""")]
    public async Task An_error_is_an_answer_with_its_status(int status, string problem)
    {
        await using var replicate = await CannedReplicate.StartAsync(CannedReplicate.Answer(status, problem, ("Content-Type", "application/problem+json")));

        using var response = await replicate.Api.GetAsync("gm3q", CancellationToken.None);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.False(response.IsSuccessful);
        Assert.Null(response.Content);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task No_call_is_repeated_by_the_client(int status)
    {
        await using var replicate = await CannedReplicate.StartAsync(status, "{}", ("Retry-After", "0"));

        using var created = await replicate.Api.CreateAsync(new CreatePrediction("7762", Input, null, null), "30s", CancellationToken.None);
        using var read = await replicate.Api.GetAsync("gm3q", CancellationToken.None);
        using var canceled = await replicate.Api.CancelAsync("gm3q", CancellationToken.None);

        Assert.Equal(["/v1/predictions", "/v1/predictions/gm3q", "/v1/predictions/gm3q/cancel"], replicate.Asked.Select(request => request.Target));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_request_for_an_image_does_not_follow_a_redirect(int status)
    {
        await using var replicate = await CannedReplicate.StartAsync(async context =>
        {
            var isMoved = context.Request.Path == "/moved";
            await CannedReplicate.Answer(isMoved ? 201 : status, Starting, isMoved ? [] : [("Location", "/moved")])(context);
        });

        using var response = await replicate.Api.CreateAsync(new CreatePrediction("7762", Input, null, null), "30s", CancellationToken.None);

        Assert.Equal(["/v1/predictions"], replicate.Asked.Select(request => request.Target));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
    }

    private static async Task<Prediction> ReadAsync(string body)
    {
        await using var replicate = await CannedReplicate.StartAsync(200, body);
        using var response = await replicate.Api.GetAsync("gm3q", CancellationToken.None);
        Assert.Null(response.Error);
        return response.Content!;
    }

    private static void AssertJson(string expected, string actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), JsonNode.Parse(actual)!.ToJsonString());
}
