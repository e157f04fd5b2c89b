using System.Net;
using System.Text.RegularExpressions;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Caching;

/// <summary>Generations that have ended, read at two API processes.</summary>
[Collection(nameof(ApiFaults))]
public sealed partial class CachedGenerationTests(TwoApis fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_cached_answer_is_the_uncached_one_but_for_signatures()
    {
        var name = $"fault-{Guid.CreateVersion7():n}";
        var (a, b) = (_scenario.User(name), _scenario.User(name, api: 1));
        a.Http.DefaultRequestHeaders.Add("Prefer", "wait=60");
        // Past the cache: the answer of the order itself.
        var answer = await a.PostAsync(new NewGeneration(Scenario.Prompt() + " \"ünï\" <b>", Style: "watercolor", Options: new("draft", 512, 512, Count: 2)), key: null);
        var uncached = Unsigned(answer.Body);
        Assert.Contains("\"status\":\"succeeded\"", uncached, StringComparison.Ordinal);

        foreach (var user in new[] { a, a, b, b })
        {
            using var read = await user.Http.GetAsync($"/api/v1/generations/{answer.Id}");
            Assert.Equal("application/json; charset=utf-8", read.Content.Headers.ContentType!.ToString());
            Assert.Equal(uncached, Unsigned(await read.Content.ReadAsStringAsync()));
            var page = Unsigned(await user.Http.GetStringAsync("/api/v1/generations?limit=1"));
            Assert.Equal("{\"data\":[" + uncached + "],\"pagination\":{\"limit\":1,\"hasMore\":false,\"nextCursor\":null}}", page);
        }
    }

    [Fact]
    public async Task What_is_deleted_at_one_process_is_gone_at_the_other()
    {
        var name = $"fault-{Guid.CreateVersion7():n}";
        var (a, b) = (_scenario.User(name), _scenario.User(name, api: 1));
        var id = await _scenario.OrderAsync(a);
        await _scenario.EndAsync(id);
        await b.Api.GetGenerationAsync(id, None);
        await a.Api.GetGenerationAsync(id, None);

        await a.Api.DeleteGenerationAsync(id, None);

        await Answers.RefusedAsync(() => a.Api.GetGenerationAsync(id, None), HttpStatusCode.NotFound, "not_found");
        Assert.Empty((await b.Api.ListGenerationsAsync(null, null, None)).Data);
        await Eventually.HoldsAsync(async () => await StatusAsync(b, id) == HttpStatusCode.NotFound, () => "the other process to hear of it", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Somebody_elses_generation_is_not_found_when_it_is_cached()
    {
        var (owner, stranger) = (_scenario.NewUser(), _scenario.NewUser());
        var id = await _scenario.OrderAsync(owner);
        await _scenario.EndAsync(id);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(owner, id));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(owner, id));

        await Answers.RefusedAsync(() => stranger.Api.GetGenerationAsync(id, None), HttpStatusCode.NotFound, "not_found");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(owner, id));
    }

    private static async Task<HttpStatusCode> StatusAsync(TestUser user, Guid id)
    {
        using var answer = await user.Http.GetAsync($"/api/v1/generations/{id}");
        return answer.StatusCode;
    }

    /// <summary>The port is the process's.</summary>
    private static string Unsigned(string body) => Expiry().Replace(Signature().Replace(body, "$1"), "$1");

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+(/images/[^?]*)\?expires=\d+(?:&|\\u0026)signature=[\w-]+")]
    private static partial Regex Signature();

    [GeneratedRegex("(\"expiresAt\":)\"[^\"]*\"")]
    private static partial Regex Expiry();
}
