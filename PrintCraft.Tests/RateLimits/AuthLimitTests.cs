using System.Net.Http.Json;
using System.Text.Json;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

using PrintCraft.Api.RateLimits;

namespace PrintCraft.Tests.RateLimits;

/// <summary>So many failed tries, and no success that counts.</summary>
public sealed class AuthLimitTests
{
    private sealed record Login(string? Email, string Password);

    [Fact]
    public async Task Failures_count_per_account_and_successes_do_not()
    {
        await using var api = await StartAsync();
        for (var success = 0; success < 7; success++)
        {
            Assert.Equal("200 \"auth\";r=3;t=900", await TryAsync(api, "a@example.com", "right"));
        }

        Assert.Equal("401 \"auth\";r=2;t=900", await TryAsync(api, "a@example.com", "wrong"));
        Assert.Equal("401 \"auth\";r=1;t=900", await TryAsync(api, " A@Example.com ", "wrong"));
        Assert.Equal("200 \"auth\";r=1;t=900", await TryAsync(api, "a@example.com", "right"));
        Assert.Equal("401 \"auth\";r=0;t=900", await TryAsync(api, "a@example.com", "wrong"));

        // Neither is the right password told any more, and another account is untouched.
        Assert.Equal("429 \"auth\";r=0;t=900", await TryAsync(api, "a@example.com", "right"));
        Assert.Equal("401 \"auth\";r=2;t=900", await TryAsync(api, "b@example.com", "wrong"));
    }

    [Fact]
    public async Task Our_own_failure_is_nobodys_try()
    {
        await using var api = await StartAsync();

        Assert.Equal("503 \"auth\";r=3;t=900", await TryAsync(api, "a@example.com", "broken"));
    }

    [Fact]
    public async Task Many_tries_at_once_are_not_all_let_through()
    {
        await using var api = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryAsync(api, "a@example.com", "wrong")));

        Assert.Equal(3, answers.Count(answer => answer.StartsWith("401", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refusal_says_which_policy_and_when_to_come_back()
    {
        await using var api = await StartAsync();
        for (var failure = 0; failure < 3; failure++)
        {
            await TryAsync(api, "a@example.com", "wrong");
        }

        using var answer = await api.Http.PostAsJsonAsync("/login", new Login("a@example.com", "right"));

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("rate_limited|900|[\"auth\"]", $"{problem.GetProperty("error").GetProperty("code")}|{problem.GetProperty("retryAfter")}|{problem.GetProperty("violated-policies")}");
        Assert.Equal("900|\"auth\";q=3;w=900", $"{answer.Headers.RetryAfter}|{Assert.Single(answer.Headers.GetValues("RateLimit-Policy"))}");
    }

    [Fact]
    public async Task What_sends_a_letter_counts_also_when_it_succeeds()
    {
        await using var api = await SmallApi.StartAsync(
            routes => routes.MapPost("/letter", (Login login) => Results.Accepted()).WithAuthLimit<Login>(login => login.Email, countsSuccess: true), ("AuthFailures", "3"), ("IpRequests", "0"));

        var statuses = new List<int>();
        for (var letter = 0; letter < 4; letter++)
        {
            using var answer = await api.Http.PostAsJsonAsync("/letter", new Login("a@example.com", ""));
            statuses.Add((int)answer.StatusCode);
        }

        Assert.Equal([202, 202, 202, 429], statuses);
    }

    private static Task<SmallApi> StartAsync() => SmallApi.StartAsync(
        routes => routes.MapPost("/login", (Login login) => login.Password switch
        {
            "right" => Results.Ok(),
            "broken" => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            _ => Results.Unauthorized(),
        }).WithAuthLimit<Login>(login => login.Email),
        ("AuthFailures", "3"),
        ("IpRequests", "0"));

    private static async Task<string> TryAsync(SmallApi api, string email, string password)
    {
        using var answer = await api.Http.PostAsJsonAsync("/login", new Login(email, password));
        return $"{(int)answer.StatusCode} {Assert.Single(answer.Headers.GetValues("RateLimit")).Replace("t=899", "t=900", StringComparison.Ordinal)}";
    }
}
