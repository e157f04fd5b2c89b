using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Paging;

/// <summary>Lists over the wire: pages that stay where they are, filters, words, and answers that need not be sent again.</summary>
[Collection(nameof(ApiAlone))]
public sealed class FeedTests(ApiAlone fixture)
{
    private const string Generations = "/api/v1/generations";
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task What_is_ordered_between_two_pages_moves_none_and_links_lead_to_the_end()
    {
        var user = _scenario.NewUser();
        List<Guid> ids = [];
        for (var order = 0; order < 5; order++)
        {
            ids.Insert(0, await OrderAsync(user));
        }

        var (seen, address) = (new List<Guid>(), (string?)$"{Generations}?limit=2&status=pending");
        List<Guid> later = [];
        while (address is not null)
        {
            using var answer = await user.Http.GetAsync(address);
            var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
            seen.AddRange(Ids(page));
            var link = answer.Headers.TryGetValues("Link", out var links) ? links.Single() : null;
            var cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString();
            Assert.Equal(cursor is null ? null : $"<{user.Http.BaseAddress}api/v1/generations?status=pending&limit=2&cursor={cursor}>; rel=\"next\"", link);
            address = link?.Split('<', '>')[1];
            later.Add(await OrderAsync(user));
        }

        Assert.Equal(ids, seen);
        await EndAsync(user, [.. ids, .. later]);
    }

    [Fact]
    public async Task A_cursor_works_for_the_list_and_the_filters_and_the_user_it_was_made_for()
    {
        var (user, other) = (_scenario.NewUser(), _scenario.NewUser());
        Guid[] ids = [await OrderAsync(user), await OrderAsync(user)];
        var cursor = (await user.Api.ListGenerationsAsync(1, null, CancellationToken.None)).Pagination.NextCursor!;
        Assert.Single((await user.Api.ListGenerationsAsync(5, cursor, CancellationToken.None)).Data);

        string[] wrong =
        [
            $"{Generations}?status=pending&cursor={cursor}",
            $"{Generations}?q=pier&cursor={cursor}",
            $"/api/v1/credits/ledger?cursor={cursor}",
            $"{Generations}?cursor={(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}",
            $"{Generations}?cursor={cursor[..^1]}",
        ];
        foreach (var (caller, address) in wrong.Select(address => (user, address)).Append((other, $"{Generations}?cursor={cursor}")))
        {
            using var answer = await caller.Http.GetAsync(address);
            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
            Assert.Equal("cursor", Assert.Single(problem.Error.Details).Field);
        }

        await EndAsync(user, ids);
    }

    [Fact]
    public async Task A_list_shows_what_every_filter_lets_through()
    {
        var user = _scenario.NewUser();
        var old = await OrderAsync(user, style: "watercolor", quality: "draft");
        var middle = (await user.Api.GetGenerationAsync(old, CancellationToken.None)).CreatedAt;
        var canceled = await OrderAsync(user, style: "cartoon", quality: "draft");
        await user.Api.CancelGenerationAsync(canceled, CancellationToken.None);
        var high = await OrderAsync(user, style: "cartoon", quality: "standard");

        Assert.Equal([high, old], await FindAsync(user, status: "pending"));
        Assert.Equal([high, canceled, old], await FindAsync(user, status: "pending,canceled"));
        Assert.Equal([high, canceled], await FindAsync(user, style: "cartoon"));
        Assert.Equal([canceled, old], await FindAsync(user, quality: "draft"));
        Assert.Equal([canceled], await FindAsync(user, status: "canceled", style: "cartoon,watercolor", quality: "draft,high"));
        Assert.Equal([high, canceled], await FindAsync(user, after: middle));
        Assert.Equal([old], await FindAsync(user, before: middle.AddTicks(10)));
        Assert.Equal([], await FindAsync(user, before: middle));
        Assert.Equal([high, canceled, old], Ids(await user.Http.GetFromJsonAsync<JsonElement>($"{Generations}?status=pending&status=canceled")));
        await EndAsync(user, [old, high]);
    }

    [Fact]
    public async Task Prompts_are_found_by_their_words_and_only_ones_own()
    {
        var (user, other) = (_scenario.NewUser(), _scenario.NewUser());
        var cats = await OrderAsync(user, "Two cats dancing in the rain");
        var dog = await OrderAsync(user, "A dog that danced; no cat's around");
        var sea = await OrderAsync(user, "An 'old' lighthouse & a stormy sea");
        var foreign = await OrderAsync(other, "Two cats dancing in the rain");

        Assert.Equal([dog, cats], await FindAsync(user, q: "CAT dances"));
        Assert.Equal([cats], await FindAsync(user, q: "cats -dog"));
        Assert.Equal([sea, cats], await FindAsync(user, q: "lighthouse or rain"));
        Assert.Equal([sea], await FindAsync(user, q: "\"stormy sea\""));
        Assert.Equal([], await FindAsync(user, q: "\"sea stormy\""));
        Assert.Equal([], await FindAsync(user, q: "the"));
        Assert.Equal([], await FindAsync(user, q: "' & | ! <-> :* ( \\"));
        Assert.Equal([cats], await FindAsync(user, q: "rain", status: "pending"));
        await EndAsync(user, [cats, dog, sea]);
        await EndAsync(other, [foreign]);
    }

    [Fact]
    public async Task What_has_not_changed_is_not_sent_again_and_what_has_is()
    {
        var user = _scenario.NewUser();
        var id = await OrderAsync(user);
        string[] addresses = [$"{Generations}/{id}", Generations, "/api/v1/credits", "/api/v1/credits/ledger"];
        var tags = new Dictionary<string, string>();
        foreach (var address in addresses)
        {
            var told = "";
            // A place in the queue and the time that is expected may move by themselves meanwhile, which is a change.
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var first = await user.Http.GetAsync(address);
                    tags[address] = first.Headers.ETag!.ToString();
                    using var again = await GetAsync(user, address, tags[address]);
                    told = $"{again.StatusCode} {again.Headers.ETag} after {tags[address]}";
                    return (again.StatusCode, again.Headers.ETag?.ToString()) == (HttpStatusCode.NotModified, tags[address]);
                },
                () => $"{address} to stay as it is: {told}",
                TimeSpan.FromSeconds(10));
        }

        await EndAsync(user, [id]);

        foreach (var address in addresses)
        {
            using var changed = await GetAsync(user, address, tags[address]);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            Assert.NotEqual(tags[address], changed.Headers.ETag?.ToString());
        }
    }

    private async Task<Guid> OrderAsync(TestUser user, string? prompt = null, string? style = null, string quality = "draft")
    {
        var generation = await user.Api.CreateGenerationAsync(new NewGeneration(prompt ?? Scenario.Prompt(), style, new(quality, 512, 512)), CancellationToken.None);
        _scenario.Accepted(generation.Id);
        return generation.Id;
    }

    /// <summary>Frees their places in the backlog.</summary>
    private static async Task EndAsync(TestUser user, IEnumerable<Guid> ids)
    {
        foreach (var id in ids)
        {
            await user.Api.CancelGenerationAsync(id, CancellationToken.None);
        }
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(
        TestUser user, string? status = null, string? style = null, string? quality = null, DateTimeOffset? after = null, DateTimeOffset? before = null, string? q = null) =>
        [.. (await user.Api.FindGenerationsAsync(status, style, quality, after, before, q, null, null, CancellationToken.None)).Data.Select(generation => generation.Id)];

    private static IReadOnlyList<Guid> Ids(JsonElement page) => [.. page.GetProperty("data").EnumerateArray().Select(generation => generation.GetProperty("id").GetGuid())];

    private static async Task<HttpResponseMessage> GetAsync(TestUser user, string address, string known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "If-None-Match", known } } };
        return await user.Http.SendAsync(request);
    }
}
