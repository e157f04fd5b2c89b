using System.Net;

using PrintCraft.Api.Idempotency;
using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Idempotency;

/// <summary>What the fault suite does not ask of keys: their age, their form, and other routes.</summary>
[Collection(nameof(ApiAlone))]
public sealed class IdempotencyKeyTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_key_that_is_a_day_old_is_a_new_one()
    {
        var user = _scenario.NewUser();
        var (order, key) = (Posting.Order(), $"{Guid.NewGuid()}");
        var first = await user.PostAsync(order, key);

        await _scenario.Sql.ExecuteAsync("UPDATE idempotency_keys SET created_at = created_at - interval '23 hours 59 minutes' WHERE user_id = $1", user.Id);
        var sameDay = await user.PostAsync(order, key);
        await _scenario.Sql.ExecuteAsync("UPDATE idempotency_keys SET created_at = created_at - interval '2 minutes' WHERE user_id = $1", user.Id);
        var nextDay = await user.PostAsync(order, key);
        var again = await user.PostAsync(order, key);

        Assert.Equal((true, first.Id), (sameDay.IsReplay, sameDay.Id));
        Assert.Equal((HttpStatusCode.Created, false), (nextDay.Status, nextDay.IsReplay));
        Assert.NotEqual(first.Id, nextDay.Id);
        Assert.Equal((true, nextDay.Id), (again.IsReplay, again.Id));
        await CancelAllAsync(user);
    }

    [Fact]
    public async Task Another_route_with_the_same_key_is_another_request()
    {
        var user = _scenario.NewUser();
        var key = $"{Guid.NewGuid()}";

        var one = await user.PostAsync(Posting.Order(), key);
        var batch = await user.PostAsync("/api/v1/generations/batch", new NewBatch("a pier", new("draft", Seeds: [1])), key);
        await user.Api.CancelGenerationAsync(one.Id, None);
        var retry = await user.PostAsync($"/api/v1/generations/{one.Id}/retry", null, key);

        Assert.All([one, batch, retry], answer => Assert.Equal((HttpStatusCode.Created, false), (answer.Status, answer.IsReplay)));
        await CancelAllAsync(user);
    }

    [Fact]
    public async Task What_was_not_begun_leaves_the_key_free_and_what_came_to_nothing_is_told_again()
    {
        var user = _scenario.NewUser();
        var (bad, dear) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var tooDear = new NewGeneration("a pier", Options: new("standard", 2048, 2048, Count: 4));

        var wrong = await user.PostAsync(new NewGeneration(" "), bad);
        var right = await user.PostAsync(Posting.Order(), bad);
        var unpaid = await user.PostAsync(tooDear, dear);
        var stillUnpaid = await user.PostAsync(tooDear, dear);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Created), (wrong.Status, right.Status));
        Assert.Equal((HttpStatusCode.PaymentRequired, false), (unpaid.Status, unpaid.IsReplay));
        Assert.Equal((HttpStatusCode.PaymentRequired, true, unpaid.Body), (stillUnpaid.Status, stillUnpaid.IsReplay, stillUnpaid.Body));
        await CancelAllAsync(user);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("two words")]
    [InlineData("a\"b")]
    public async Task What_is_no_key_is_refused(string key)
    {
        var user = _scenario.NewUser();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations") { Content = new StringContent("""{"prompt":"a pier"}""", null, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);

        await (await user.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public void A_key_is_the_same_quoted_or_bare_and_never_holds_what_a_header_or_a_log_would_misread()
    {
        Property.Holds(5000, random =>
        {
            var text = random.Text(300);

            var isKey = IdempotentRequest.TryReadKey(text, out var key);

            Assert.Equal(isKey, isKey && key.Length is > 0 and <= 255 && key.All(c => c is > ' ' and <= '~' and not ('"' or '\\')));
            if (isKey)
            {
                Assert.True(text == key || text == $"\"{key}\"");
                Assert.True(IdempotentRequest.TryReadKey($"\"{key}\"", out var quoted));
                Assert.Equal(key, quoted);
            }
        });
        Assert.True(IdempotentRequest.TryReadKey(new string('k', 255), out _));
        Assert.False(IdempotentRequest.TryReadKey(new string('k', 256), out _));
    }

    private static async Task CancelAllAsync(TestUser user)
    {
        foreach (var generation in (await user.Api.ListGenerationsAsync(100, null, None)).Data)
        {
            if (!generation.IsFinal)
            {
                await user.Api.CancelGenerationAsync(generation.Id, None);
            }
        }
    }
}
