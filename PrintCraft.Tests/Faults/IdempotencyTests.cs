using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>Many callers at once, at two APIs.</summary>
[Collection(nameof(ApiFaults))]
public sealed class IdempotencyTests(TwoApis fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F24")]
    public async Task A_hundred_parallel_posts_with_one_key_make_one_job_and_one_hold()
    {
        var twins = Twins();
        var (order, key) = (Posting.Order(), $"{Guid.NewGuid()}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(index => twins[index % 2].PostAsync(order, key)));

        Assert.Single(answers, answer => answer is { Status: HttpStatusCode.Created, IsReplay: false });
        Assert.All(answers, answer => Assert.True(
            answer.Status == HttpStatusCode.Created || (answer.Status == HttpStatusCode.Conflict && answer.Code == "idempotency_key_in_use" && answer.RetryAfter is not null), $"{answer}"));
        var id = Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Id).Distinct());
        _scenario.Accepted(id);
        Assert.Equal(1, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", twins[0].Id));
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F25")]
    public async Task The_same_key_with_another_body_is_refused_and_of_another_user_is_another_order()
    {
        var (user, other) = (_scenario.NewUser(), _scenario.NewUser());
        var (order, key) = (Posting.Order(), $"{Guid.NewGuid()}");

        var first = await user.PostAsync(order, key);
        var reused = await user.PostAsync(order with { Prompt = "something else" }, key);
        var others = await other.PostAsync(order, key);
        var again = await user.PostAsync(order, key);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (reused.Status, reused.Code));
        Assert.Equal((HttpStatusCode.Created, false), (others.Status, others.IsReplay));
        Assert.Equal((HttpStatusCode.Created, true, first.Body), (again.Status, again.IsReplay, again.Body));
        Assert.NotEqual(first.Id, others.Id);
        foreach (var id in new[] { first.Id, others.Id })
        {
            _scenario.Accepted(id);
            Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        }

        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F26")]
    public async Task Fifty_parallel_orders_with_credit_for_twelve_are_twelve_jobs()
    {
        for (var round = 0; round < 3; round++)
        {
            var twins = Twins();
            await twins[0].Api.ListGenerationsAsync(null, null, CancellationToken.None);

            // Four credits each, of fifty.
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(index =>
                twins[index % 2].PostUntilDecidedAsync(new NewGeneration(Scenario.Prompt("slow=0"), Options: new("standard", 512, 512)), $"{Guid.NewGuid()}")));

            var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToList();
            Assert.Equal(12, accepted.Count);
            Assert.All(answers.Except(accepted), answer => Assert.Equal((HttpStatusCode.PaymentRequired, "insufficient_credits"), (answer.Status, answer.Code)));
            Assert.Equal((2L, 12L), (await _scenario.Sql.BalanceAsync(twins[0].Id, "available"), await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", twins[0].Id)));
            accepted.ForEach(answer => _scenario.Accepted(answer.Id));
        }

        await _scenario.AssertInvariantsAsync();
    }

    /// <summary>One user at each of the two APIs.</summary>
    private TestUser[] Twins()
    {
        var name = $"twin-{Guid.CreateVersion7():n}";
        return [_scenario.User(name, api: 0), _scenario.User(name, api: 1)];
    }
}
