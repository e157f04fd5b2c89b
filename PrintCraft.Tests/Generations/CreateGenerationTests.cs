using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.Generations;

/// <summary>POST and GET over HTTP, on the shared graph.</summary>
public sealed class CreateGenerationTests
{
    [Theory]
    [InlineData("""{}""", "prompt", "1 to 2000 characters")]
    [InlineData("""{"prompt":"   "}""", "prompt", "1 to 2000 characters")]
    [InlineData("""{"prompt":"a\u0000b"}""", "prompt", "1 to 2000 characters")]
    [InlineData("""{"prompt":5}""", "prompt", "wrong type")]
    [InlineData("""{"prompt":"x","negativePrompt":"\u0007"}""", "negativePrompt", "2000 characters")]
    [InlineData("""{"prompt":"x","style":"baroque"}""", "style", "watercolor")]
    [InlineData("""{"prompt":"x","options":{"quality":"best"}}""", "options.quality", "draft, standard, high")]
    [InlineData("""{"prompt":"x","options":{"width":100}}""", "options.width", "256 to 2048")]
    [InlineData("""{"prompt":"x","options":{"width":1001}}""", "options.width", "multiple of 8")]
    [InlineData("""{"prompt":"x","options":{"width":"1024"}}""", "options.width", "wrong type")]
    [InlineData("""{"prompt":"x","options":{"height":4096}}""", "options.height", "256 to 2048")]
    [InlineData("""{"prompt":"x","options":{"quality":"draft","width":1000,"height":1000}}""", "options.width", "not a size of black-forest-labs/flux-schnell")]
    [InlineData("""{"prompt":"x","options":{"quality":"high","height":2048}}""", "options.height", "256 to 1440")]
    [InlineData("""{"prompt":"x","options":{"seed":-1}}""", "options.seed", "from 0")]
    [InlineData("""{"prompt":"x","options":{"seed":1.5}}""", "options.seed", "wrong type")]
    [InlineData("""{"prompt":"x","options":{"count":0}}""", "options.count", "1 to 4")]
    [InlineData("""{"prompt":"x","options":{"count":5}}""", "options.count", "1 to 4")]
    [InlineData("""{"prompt":"x","options":{"outputFormat":"gif"}}""", "options.outputFormat", "png")]
    [InlineData("""{"prompt":"x","webhookUrl":"ftp://example.com"}""", "webhookUrl", "http or https")]
    [InlineData("""{"prompt":"x","credits":1000}""", "credits", "not a member")]
    [InlineData("""{"prompt":"x","options":{"steps":50}}""", "options.steps", "not a member")]
    [InlineData("""{"prompt":""", "", "not valid JSON")]
    public async Task Each_bad_field_is_named_with_what_is_wrong(string body, string field, string message)
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var response = await user.Http.PostAsync("/api/v1/generations", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.Contains(problem.Error.Details, detail => detail.Field.TrimStart('$') == field && detail.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_bad_fields_are_named_at_once()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var response = await user.Http.PostAsync(
            "/api/v1/generations",
            JsonContent.Create(new { prompt = "", style = "?", options = new { quality = "?", width = 1, height = 1, seed = -1, count = 9, outputFormat = "?" }, webhookUrl = "?" }));

        var problem = await ProblemAsync(response, HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(
            ["prompt", "style", "options.quality", "options.width", "options.height", "options.seed", "options.count", "options.outputFormat", "webhookUrl"],
            problem.Error.Details.Select(detail => detail.Field));
    }

    [Fact]
    public async Task Somebody_elses_generation_is_not_found()
    {
        var app = await PrintCraftApp.GetAsync();
        var created = await app.NewUser().Api.CreateGenerationAsync(new NewGeneration("mine", Options: new("draft")), CancellationToken.None);

        var exception = await Assert.ThrowsAnyAsync<ApiException>(() => app.NewUser().Api.GetGenerationAsync(created.Id, CancellationToken.None));

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (exception.StatusCode, exception.ProblemOf()?.Error.Code));
    }

    [Fact]
    public async Task Without_enough_credits_nothing_is_held_and_nothing_runs()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        // 4 images of 4 megapixels at standard quality: 4 × 4 × 4 = 64 credits; the welcome grant is 50.
        var order = new NewGeneration("a very large order", Options: new("standard", 2048, 2048, Count: 4));

        var exception = await Assert.ThrowsAnyAsync<ApiException>(() => user.Api.CreateGenerationAsync(order, CancellationToken.None));

        Assert.Equal((HttpStatusCode.PaymentRequired, "insufficient_credits"), (exception.StatusCode, exception.ProblemOf()?.Error.Code));
        Assert.Contains("64 credits", exception.ProblemOf()!.Error.Message, StringComparison.Ordinal);
        Assert.Contains("balance is 50", exception.ProblemOf()!.Error.Message, StringComparison.Ordinal);
        var database = await app.DatabaseAsync();
        Assert.Equal((50, 0), (await database.BalanceAsync(user.Id, "available"), await database.BalanceAsync(user.Id, "held")));
        Assert.Empty((await user.Api.ListGenerationsAsync(null, null, CancellationToken.None)).Data);
    }

    [Fact]
    public async Task Fifty_parallel_orders_with_credits_for_twelve_are_accepted_twelve_times()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
            (await user.Http.PostAsJsonAsync("/api/v1/generations", new { prompt = "a crowd" })).StatusCode));

        Assert.Equal((12, 38), (statuses.Count(status => status == HttpStatusCode.Created), statuses.Count(status => status == HttpStatusCode.PaymentRequired)));
        await (await app.DatabaseAsync()).AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task The_answer_is_201_with_a_location_that_reads_the_same_resource()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var response = await user.Http.PostAsJsonAsync("/api/v1/generations", new { prompt = "a door", options = new { quality = "draft", seed = 5 } });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(created.GetProperty("links").GetProperty("self").GetString(), response.Headers.Location?.ToString());
        var read = await user.Http.GetFromJsonAsync<JsonElement>(response.Headers.Location);
        Assert.Equal(created.GetProperty("id").GetString(), read.GetProperty("id").GetString());
        Assert.Equal("pending", created.GetProperty("status").GetString());
        Assert.Equal(5, read.GetProperty("options").GetProperty("seed").GetInt64());
    }

    [Fact]
    public async Task The_feed_pages_newest_first_and_new_rows_do_not_move_it()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var made = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            made.Insert(0, (await user.Api.CreateGenerationAsync(new NewGeneration($"number {number}", Options: new("draft", 512, 512)), CancellationToken.None)).Id);
        }

        var first = await user.Api.ListGenerationsAsync(2, null, CancellationToken.None);
        await user.Api.CreateGenerationAsync(new NewGeneration("one more", Options: new("draft", 512, 512)), CancellationToken.None);
        var second = await user.Api.ListGenerationsAsync(2, first.Pagination.NextCursor, CancellationToken.None);
        var third = await user.Api.ListGenerationsAsync(2, second.Pagination.NextCursor, CancellationToken.None);

        Assert.Equal(made, first.Data.Concat(second.Data).Concat(third.Data).Select(generation => generation.Id));
        Assert.Equal((true, true, false), (first.Pagination.HasMore, second.Pagination.HasMore, third.Pagination.HasMore));
        Assert.Null(third.Pagination.NextCursor);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor")]
    public async Task A_bad_page_request_names_its_parameter(string query, string field)
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();

        var problem = await ProblemAsync(await user.Http.GetAsync($"/api/v1/generations?{query}"), HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(field, Assert.Single(problem.Error.Details).Field);
    }

    [Fact]
    public async Task Every_kind_of_error_has_the_same_body()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var anonymous = app.Http("api");
        var forged = app.Http("api");
        forged.DefaultRequestHeaders.Authorization = new("Bearer", user.Credential[..^1] + (user.Credential[^1] == '0' ? '1' : '0'));

        await ProblemAsync(await anonymous.GetAsync("/api/v1/generations"), HttpStatusCode.Unauthorized, "missing_token");
        await ProblemAsync(await forged.GetAsync("/api/v1/generations"), HttpStatusCode.Unauthorized, "invalid_token");
        await ProblemAsync(await user.Http.GetAsync("/api/v1/nothing"), HttpStatusCode.NotFound, "not_found");
        await ProblemAsync(await user.Http.GetAsync("/api/v1/generations/not-a-guid"), HttpStatusCode.NotFound, "not_found");
        await ProblemAsync(await user.Http.GetAsync($"/api/v1/generations/{Guid.CreateVersion7()}"), HttpStatusCode.NotFound, "not_found");
        await ProblemAsync(await user.Http.DeleteAsync("/api/v1/generations"), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await ProblemAsync(await user.Http.PostAsync("/api/v1/generations", new StringContent("prompt", Encoding.UTF8, "text/plain")), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await ProblemAsync(await user.Http.PostAsJsonAsync("/api/v1/generations", new { prompt = new string('x', 1_100_000) }), HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    private static async Task<Problem> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<Problem>(text, JsonSerializerOptions.Web)!;
        Assert.Equal(((int)status, code, $"/errors#{code}"), (problem.Status, problem.Error.Code, problem.Type));
        Assert.Equal(32, problem.TraceId?.Length);
        return problem;
    }
}
