using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using static PrintCraft.Tests.RateLimits.LimitedApis;

namespace PrintCraft.Tests.RateLimits;

/// <summary>What a caller is told of its limits, and what happens at their end.</summary>
[Collection(nameof(LimitedApis))]
public sealed class LimitTests(LimitedApis limited)
{
    private readonly Scenario _scenario = limited.Scenario;

    [Fact]
    public async Task Every_answer_tells_the_policies_and_how_they_stand()
    {
        using var http = limited.From(limited.NewAddress(), NewName());

        using var list = await http.GetAsync("/api/v1/generations");
        Assert.Equal("200 \"user\";r=9;t=3600, \"ip\";r=19;t=7200", Standing(list));
        Assert.Equal(Policies, Assert.Single(list.Headers.GetValues("RateLimit-Policy")));
        Assert.Null(list.Headers.RetryAfter);
        Assert.Equal("404 \"user\";r=8;t=3600, \"ip\";r=18;t=7200", Standing(await http.GetAsync($"/api/v1/generations/{Guid.NewGuid()}")));
        Assert.Equal("400 \"user\";r=7;t=3600, \"ip\";r=17;t=7200", Standing(await http.PostAsync("/api/v1/generations", new StringContent("{", new MediaTypeHeaderValue("application/json")))));
        Assert.Equal("201 \"user\";r=6;t=3600, \"ip\";r=16;t=7200, \"generation\";r=5;t=1800", Standing(await OrderAsync(http)));
    }

    [Fact]
    public async Task Whoever_has_no_valid_credential_is_limited_by_address()
    {
        using var http = limited.From(limited.NewAddress());
        using var missing = await http.GetAsync("/api/v1/generations");
        Assert.Equal(("401 \"ip\";r=19;t=7200", "\"ip\";q=20;w=7200"), (Standing(missing), Assert.Single(missing.Headers.GetValues("RateLimit-Policy"))));

        http.DefaultRequestHeaders.Authorization = new("Bearer", "pcdev_somebody.0000");
        Assert.Equal("401 \"ip\";r=18;t=7200", Standing(await http.GetAsync("/api/v1/generations")));
        Assert.Equal("404 \"ip\";r=17;t=7200", Standing(await http.GetAsync("/nothing/here")));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_is_never_limited(string path)
    {
        using var http = limited.From(limited.NewAddress());
        for (var again = 0; again < 25; again++)
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal("200", Standing(answer));
            Assert.False(answer.Headers.Contains("RateLimit-Policy"));
        }
    }

    [Fact]
    public async Task Over_its_quota_a_user_is_told_when_to_come_back_and_uses_nothing_up()
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var http = limited.From(address, name);
        await UseUpAsync(http, 10);

        for (var again = 0; again < 3; again++)
        {
            using var refused = await http.GetAsync("/api/v1/generations");
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("429 \"user\";r=0;t=3600", Standing(refused));
            Assert.Equal(Policies, Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
            Assert.Equal($"\"user\";r=0;t={refused.Headers.RetryAfter}", Assert.Single(refused.Headers.GetValues("RateLimit")));
            Assert.Equal($"{refused.Headers.RetryAfter} [\"user\"]", $"{problem.GetProperty("retryAfter")} {problem.GetProperty("violated-policies")}");
        }

        using var other = limited.From(address, NewName());
        Assert.Equal("200 \"user\";r=9;t=3600, \"ip\";r=9;t=7200", Standing(await other.GetAsync("/api/v1/generations")));
    }

    [Fact]
    public async Task An_address_over_its_quota_is_refused_before_anybody_looks_at_its_credential()
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var http = limited.From(address);
        await UseUpAsync(http, 20);
        Assert.Equal("429 \"ip\";r=0;t=7200", Standing(await http.GetAsync("/api/v1/generations")));

        using var known = limited.From(address, name);
        using var refused = await known.GetAsync("/api/v1/generations");

        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("429 \"ip\";r=0;t=7200", Standing(refused));
        Assert.Equal("\"ip\";q=20;w=7200", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal(0, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM users WHERE name = $1", name));
    }

    [Fact]
    public async Task Two_processes_count_together()
    {
        var (address, name) = (limited.NewAddress(), NewName());
        using var one = limited.From(address, name);
        using var two = limited.From(address, name, api: 1);
        using var first = await one.GetAsync("/api/v1/generations");
        Assert.Equal("200 \"user\";r=9;t=3600, \"ip\";r=19;t=7200", Standing(first));

        var answers = new List<string>();
        for (var again = 0; again < 6; again++)
        {
            answers.Add(Standing(await two.GetAsync("/api/v1/generations")));
            answers.Add(Standing(await one.GetAsync("/api/v1/generations")));
        }

        Assert.Equal(
            [.. Enumerable.Range(1, 9).Select(number => $"200 \"user\";r={9 - number};t=3600, \"ip\";r={19 - number};t=7200"), .. Enumerable.Repeat("429 \"user\";r=0;t=3600", 3)],
            answers);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.{0}")]
    [InlineData("Forwarded", "for=203.0.113.{0}")]
    [InlineData("X-Real-IP", "203.0.113.{0}")]
    [InlineData("X-Original-For", "203.0.113.{0}")]
    public async Task What_a_stranger_says_about_addresses_changes_nothing(string header, string value)
    {
        using var http = limited.From(limited.NewAddress());
        using var first = await http.GetAsync("/api/v1/generations");

        for (var again = 1; again < 20; again++)
        {
            Assert.Equal($"401 \"ip\";r={19 - again};t=7200", Standing(await SendAsync(http, header, value, again)));
        }

        Assert.Equal("429 \"ip\";r=0;t=7200", Standing(await SendAsync(http, header, value, 77)));
    }

    [Fact]
    public async Task A_known_proxy_is_believed_for_one_step()
    {
        using var http = limited.From(Proxy);
        var (client, other) = (limited.NewAddress(), limited.NewAddress());

        Assert.Equal("401 \"ip\";r=19;t=7200", Standing(await SendAsync(http, "X-Forwarded-For", client, 0)));

        // What the client itself put before is not looked at.
        Assert.Equal("401 \"ip\";r=18;t=7200", Standing(await SendAsync(http, "X-Forwarded-For", $"{other}, {client}", 0)));
        Assert.Equal("401 \"ip\";r=19;t=7200", Standing(await SendAsync(http, "X-Forwarded-For", other, 0)));
    }

    [Fact]
    public async Task Orders_count_by_what_they_cost_and_a_repeated_one_not_again()
    {
        using var http = limited.From(limited.NewAddress(), NewName());
        using var first = await http.GetAsync("/api/v1/generations");
        var key = $"{Guid.NewGuid()}";

        Assert.Equal("201 \"user\";r=8;t=3600, \"ip\";r=18;t=7200, \"generation\";r=2;t=1800", Standing(await OrderAsync(http, count: 4, key)));
        Assert.Equal("201 \"user\";r=7;t=3600, \"ip\";r=17;t=7200", Standing(await OrderAsync(http, count: 4, key)));

        using var refused = await OrderAsync(http, count: 3, key: $"{Guid.NewGuid()}");
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal("429 \"generation\";r=2;t=1800", Standing(refused));
        Assert.Equal($"{Policies}, \"generation\";q=6;w=1800;printcraft-unit=\"credits\"", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")));
        Assert.Equal("[\"generation\"]", $"{(await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("violated-policies")}");

        Assert.Equal("201 \"user\";r=5;t=3600, \"ip\";r=15;t=7200, \"generation\";r=0;t=1800", Standing(await OrderAsync(http, count: 2)));
        Assert.Equal("50|44|6", await CreditsAsync(http));
    }

    [Fact]
    public async Task An_order_for_more_than_a_window_has_takes_a_whole_one()
    {
        using var http = limited.From(limited.NewAddress(), NewName());
        using var first = await http.GetAsync("/api/v1/generations");

        Assert.EndsWith("\"generation\";r=0;t=1800", Standing(await OrderAsync(http, count: 2, quality: "standard")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_has_only_so_many_jobs_open()
    {
        using var http = limited.From(limited.NewAddress(), NewName());
        using var first = await http.GetAsync("/api/v1/generations");
        for (var job = 0; job < 3; job++)
        {
            Assert.Equal(HttpStatusCode.Created, (await OrderAsync(http)).StatusCode);
        }

        using var refused = await OrderAsync(http);
        await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.Equal(("429 \"jobs\";r=0", "5"), (Standing(refused), $"{refused.Headers.RetryAfter}"));
        Assert.EndsWith(", \"jobs\";q=3;printcraft-unit=\"jobs\"", Assert.Single(refused.Headers.GetValues("RateLimit-Policy")), StringComparison.Ordinal);
        Assert.Equal("50|47|3", await CreditsAsync(http));
    }

    private static async Task UseUpAsync(HttpClient http, int requests)
    {
        for (var request = 0; request < requests; request++)
        {
            using var answer = await http.GetAsync("/api/v1/generations");
            Assert.NotEqual(HttpStatusCode.TooManyRequests, answer.StatusCode);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string header, string value, int number)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/generations");
        request.Headers.TryAddWithoutValidation(header, value.Replace("{0}", $"{number}", StringComparison.Ordinal));
        return await http.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> OrderAsync(HttpClient http, int count = 1, string? key = null, string quality = "draft")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations")
        {
            Content = JsonContent.Create(new { prompt = "a pier", options = new { quality, width = quality == "draft" ? 512 : 1024, height = quality == "draft" ? 512 : 1024, count, seed = 1 } }),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await http.SendAsync(request);
    }

    private static async Task<string> CreditsAsync(HttpClient http)
    {
        var credits = await http.GetFromJsonAsync<JsonElement>("/api/v1/credits");
        var (available, held) = (credits.GetProperty("available").GetInt32(), credits.GetProperty("held").GetInt32());
        return $"{available + held}|{available}|{held}";
    }
}
