using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

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

        Assert.Equal("Invalid version or not permitted", (await RunningSimulator.ProblemAsync(answer, 422)).GetProperty("title").GetString());
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
        await RunningSimulator.ProblemAsync(sdxl, 404);
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

        var invalid = (await RunningSimulator.ProblemAsync(answer, 422)).GetProperty("invalid_fields").EnumerateArray().Single();
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

        await RunningSimulator.ProblemAsync(answer, status);
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
        Assert.Equal(404, (await RunningSimulator.ProblemAsync(missing, 404)).GetProperty("status").GetInt32());
        await RunningSimulator.ProblemAsync(method, 405);
    }

    [GeneratedRegex(@"^ *\d+%\|[█▏▎▍▌▋▊▉ ]{10}\| \d+/30 \[\d\d:\d\d<\d\d:\d\d, +\d+\.\d\dit/s\]$")]
    private static partial Regex TqdmLine();
}
