using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed partial class PredictionWireTests
{
    [Fact]
    public async Task Create_answers_a_starting_prediction_without_output()
    {
        await using var simulator = await RunningSimulator.StartAsync();

        var created = await simulator.CreateAsync();

        Assert.Equal("starting", created.Status());
        Assert.Matches("^[a-z0-9]{26}$", created.Id());
        Assert.False(created.TryGetProperty("output", out _));
        Assert.Equal(RunningSimulator.Sdxl, created.GetProperty("version").GetString());
        Assert.Equal("stability-ai/sdxl", created.GetProperty("model").GetString());
        Assert.Equal("", created.GetProperty("logs").GetString());
        Assert.Equal("api", created.GetProperty("source").GetString());
        Assert.Equal(JsonValueKind.Null, created.GetProperty("error").ValueKind);
        Assert.False(created.GetProperty("data_removed").GetBoolean());
        Assert.EndsWith("Z", created.GetProperty("created_at").GetString());
        Assert.Equal(["web", "get", "cancel"], created.GetProperty("urls").EnumerateObject().Select(url => url.Name));
    }

    [Fact]
    public async Task Prediction_succeeds_with_logs_metrics_and_files_on_the_address_it_was_created_at()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);

        var input = new { prompt = "a lake", width = 128, height = 64, num_outputs = 2, num_inference_steps = 30, seed = 3 };
        var ended = await simulator.WaitForEndAsync(await simulator.CreateAsync(input));

        Assert.Equal("succeeded", ended.Status());
        var logs = ended.GetProperty("logs").GetString()!.TrimEnd('\n').Split('\n');
        Assert.Equal("Using seed: 3", logs[0]);
        Assert.All(logs[1..], line => Assert.Matches(TqdmLine(), line));
        Assert.Contains("100%|██████████| 30/30 [", logs[^1]);
        var metrics = ended.GetProperty("metrics");
        Assert.True(metrics.GetProperty("total_time").GetDouble() >= metrics.GetProperty("predict_time").GetDouble());
        Assert.True(ended.GetProperty("created_at").GetDateTime() <= ended.GetProperty("started_at").GetDateTime());
        Assert.True(ended.GetProperty("started_at").GetDateTime() <= ended.GetProperty("completed_at").GetDateTime());
        var files = ended.GetProperty("output").EnumerateArray().Select(url => url.GetString()!).ToArray();
        Assert.Equal(2, files.Length);
        Assert.All(files, url => Assert.StartsWith(simulator.Http.BaseAddress!.ToString(), url));
        using var answer = await simulator.Http.GetAsync(files[0]);
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Content.Headers.ContentLength > 100);
        var first = PngImage.Read(await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal((128, 64), (first.Width, first.Height));
        Assert.NotEqual(first.Rgb, PngImage.Read(await simulator.Http.GetByteArrayAsync(files[1])).Rgb);
    }

    [Theory]
    [InlineData(RunningSimulator.Sdxl)]
    [InlineData("stability-ai/sdxl:" + RunningSimulator.Sdxl)]
    [InlineData("black-forest-labs/flux-schnell")]
    public async Task Version_may_be_an_id_a_name_with_id_or_an_official_name(string version)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        var input = new { prompt = "a", output_format = "png" };
        using var answer = await simulator.PostAsync("/v1/predictions", new { version, input });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("stability-ai/sdxl")]
    [InlineData("someone/sdxl:" + RunningSimulator.Sdxl)]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Other_versions_are_not_permitted(string version)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        using var answer = await simulator.PostAsync("/v1/predictions", new { version, input = new { prompt = "a" } });

        Assert.Equal("Invalid version or not permitted", (await ProblemAsync(answer, 422)).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Official_models_have_their_own_route_and_hide_their_version()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);

        using var pro = await simulator.PostAsync("/v1/models/black-forest-labs/flux-1.1-pro/predictions",
            new { input = new { prompt = "a", aspect_ratio = "custom", width = 260, height = 320, output_format = "png" } });
        using var sdxl = await simulator.PostAsync("/v1/models/stability-ai/sdxl/predictions", new { input = new { prompt = "a" } });

        var created = await pro.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("hidden", created.GetProperty("version").GetString());
        var output = (await simulator.WaitForEndAsync(created)).GetProperty("output").GetString();
        var image = PngImage.Read(await simulator.Http.GetByteArrayAsync(output));
        Assert.Equal((256, 320), (image.Width, image.Height));
        await ProblemAsync(sdxl, 404);
    }

    [Theory]
    [InlineData("flux-schnell", """{"output_format":"png"}""", "input", "required")]
    [InlineData("flux-schnell", """{"prompt":1,"output_format":"png"}""", "input.prompt", "invalid_type")]
    [InlineData("flux-schnell", """{"prompt":"a","num_outputs":5,"output_format":"png"}""", "input.num_outputs", "number_lte")]
    [InlineData("flux-schnell", """{"prompt":"a","output_quality":-1,"output_format":"png"}""", "input.output_quality", "number_gte")]
    [InlineData("flux-schnell", """{"prompt":"a","megapixels":"2","output_format":"png"}""", "input.megapixels", "enum")]
    [InlineData("flux-schnell", """{"prompt":"a","aspect_ratio":"custom","output_format":"png"}""", "input.aspect_ratio", "enum")]
    [InlineData("flux-schnell", """{"prompt":"a","output_format":"gif"}""", "input.output_format", "enum")]
    [InlineData("flux-schnell", """{"prompt":"a","go_fast":"no","output_format":"png"}""", "input.go_fast", "invalid_type")]
    [InlineData("flux-schnell", """{"prompt":"a"}""", "input.output_format", "simulator")]
    [InlineData("flux-1.1-pro", """{"prompt":"a","output_format":"webp"}""", "input.output_format", "simulator")]
    [InlineData("flux-1.1-pro", """{"prompt":"a","width":128,"output_format":"png"}""", "input.width", "number_gte")]
    public async Task Broken_input_is_refused_by_field(string model, string input, string field, string type)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        using var answer = await simulator.PostAsync($"/v1/models/black-forest-labs/{model}/predictions",
            new { input = JsonElement.Parse(input) });

        var invalid = (await ProblemAsync(answer, 422)).GetProperty("invalid_fields").EnumerateArray().Single();
        Assert.Equal((field, type), (invalid.GetProperty("field").GetString(), invalid.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Missing_prompt_has_the_body_that_users_report()
    {
        await using var simulator = await RunningSimulator.StartAsync();

        using var answer = await simulator.PostAsync("/v1/predictions", new { version = RunningSimulator.Sdxl, input = new { } });

        const string Invalid = """[{"type":"required","field":"input","description":"prompt is required"}]""";
        Assert.Equal(
            $$"""{"title":"Input validation failed","detail":"- input: prompt is required\n","status":422,"invalid_fields":{{Invalid}}}""",
            await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("""{"version":"VERSION","input":{"prompt":"a"},"webhook_completed":"http://x"}""", 422)]
    [InlineData("""{"version":"VERSION"}""", 422)]
    [InlineData("""{"input":{"prompt":"a"}}""", 422)]
    [InlineData("""{"version":"VERSION","input":"a"}""", 422)]
    [InlineData("""{"version":"VERSION","input":{"prompt":"a"},"webhook_events_filter":["finished"]}""", 422)]
    [InlineData("[]", 422)]
    [InlineData("{", 400)]
    [InlineData("", 400)]
    public async Task Broken_requests_are_refused(string body, int status)
    {
        await using var simulator = await RunningSimulator.StartAsync();

        var text = body.Replace("VERSION", RunningSimulator.Sdxl, StringComparison.Ordinal);
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        using var answer = await simulator.Http.PostAsync("/v1/predictions", content);

        await ProblemAsync(answer, status);
    }

    [Fact]
    public async Task Errors_outside_of_validation_have_their_recorded_bodies()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        using var stranger = new HttpClient { BaseAddress = simulator.Http.BaseAddress };

        using var unauthenticated = await stranger.GetAsync("/v1/account");
        using var missing = await simulator.Http.GetAsync("/v1/predictions/nothing");
        using var method = await simulator.Http.DeleteAsync("/v1/predictions");

        Assert.Equal(
            """{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}""",
            await unauthenticated.Content.ReadAsStringAsync());
        Assert.Equal(404, (await ProblemAsync(missing, 404)).GetProperty("status").GetInt32());
        await ProblemAsync(method, 405);
    }

    [Fact]
    public async Task Sync_mode_waits_for_the_result()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);

        using var answer = await simulator.PostAsync("/v1/predictions", Request(), ("Prefer", "wait=10"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("wait=10", answer.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("succeeded", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Status());
    }

    [Fact]
    public async Task Sync_mode_gives_up_in_time_and_says_where_to_look()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:10:00");

        using var answer = await simulator.PostAsync("/v1/predictions", Request(), ("Prefer", "wait=1"));

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

        using var answer = await simulator.PostAsync("/v1/predictions", Request(), ("Cancel-After", duration));

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

    [Fact]
    public async Task List_pages_newest_first_both_ways()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Bench=true");
        var created = new List<string>();
        for (var i = 0; i < 205; i++)
        {
            created.Add((await simulator.CreateAsync()).Id());
        }

        var first = await PageAsync(simulator, "/v1/predictions");
        var second = await PageAsync(simulator, first.Next!);
        var third = await PageAsync(simulator, second.Next!);

        Assert.Equal([100, 100, 5], [first.Ids.Length, second.Ids.Length, third.Ids.Length]);
        Assert.Equal(created.AsEnumerable().Reverse(), [.. first.Ids, .. second.Ids, .. third.Ids]);
        Assert.Equal((null, null), (first.Previous, third.Next));
        Assert.Equal(first.Ids, (await PageAsync(simulator, second.Previous!)).Ids);
        Assert.Empty((await PageAsync(simulator, "/v1/predictions?source=web")).Ids);
        Assert.Empty((await PageAsync(simulator, "/v1/predictions?created_before=2020-01-01T00:00:00Z")).Ids);
        Assert.Equal(100, (await PageAsync(simulator, "/v1/predictions?created_after=2020-01-01T00:00:00Z")).Ids.Length);
        await ProblemAsync(await simulator.Http.GetAsync("/v1/predictions?created_after=yesterday"), 422);
    }

    [Fact]
    public async Task Every_accepted_create_is_spend_and_no_other()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Bench=true");
        await simulator.CreateAsync(webhook: "http://127.0.0.1:9/hook?job=1");
        var second = await simulator.CreateAsync(webhook: "http://127.0.0.1:9/hook?job=2");
        (await simulator.PostAsync("/v1/predictions", new { version = RunningSimulator.Sdxl, input = new { } })).Dispose();

        var all = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend");
        var one = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend?webhook-contains=job=2");
        var since = second.GetProperty("created_at").GetString();
        var late = await simulator.Http.GetFromJsonAsync<JsonElement[]>($"/simulator/spend?since={since}");

        Assert.Equal(2, all!.Length);
        Assert.Equal(second.Id(), one!.Single().Id());
        Assert.Equal(second.Id(), late!.Single().Id());
    }

    [Fact]
    public async Task Control_endpoints_are_not_there_in_production()
    {
        await using var simulator = await RunningSimulator.StartAsync("Production", []);

        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.GetAsync("/simulator/spend")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await simulator.Http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await simulator.Http.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Account_model_and_secret_can_be_read()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:WebhookSecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var account = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/account");
        var model = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/models/stability-ai/sdxl");
        var secret = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret");

        Assert.Equal("organization", account.GetProperty("type").GetString());
        Assert.Equal(RunningSimulator.Sdxl, model.GetProperty("latest_version").GetProperty("id").GetString());
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", secret.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("Simulator:WebhookSecret=secret")]
    [InlineData("Simulator:Latency=10:00:00")]
    [InlineData("Simulator:OutputLifetime=00:00:00")]
    public async Task Wrong_settings_stop_the_start(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => RunningSimulator.StartAsync(setting));

    private static object Request() => new { version = RunningSimulator.Sdxl, input = new { prompt = "a lake", width = 64, height = 64 } };

    private static async Task<JsonElement> CancelAsync(RunningSimulator simulator, JsonElement prediction)
    {
        using var answer = await simulator.Http.PostAsync(prediction.GetProperty("urls").GetProperty("cancel").GetString(), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<(string[] Ids, string? Previous, string? Next)> PageAsync(RunningSimulator simulator, string address)
    {
        var page = await simulator.Http.GetFromJsonAsync<JsonElement>(address);
        string[] ids = [.. page.GetProperty("results").EnumerateArray().Select(prediction => prediction.Id())];
        return (ids, page.GetProperty("previous").GetString(), page.GetProperty("next").GetString());
    }

    [GeneratedRegex(@"^ *\d+%\|[█▏▎▍▌▋▊▉ ]{10}\| \d+/30 \[\d\d:\d\d<\d\d:\d\d, +\d+\.\d\dit/s\]$")]
    private static partial Regex TqdmLine();
}
