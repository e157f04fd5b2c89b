using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

/// <summary>The limit and the places, over HTTP.</summary>
[Collection(nameof(ApiAlone))]
public sealed class BacklogTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task As_many_are_accepted_as_the_limit_says_and_the_rest_is_told_to_come_back()
    {
        var users = Enumerable.Range(0, 4).Select(_ => _scenario.NewUser()).ToList();

        var answers = await Task.WhenAll(users.SelectMany(user => Enumerable.Range(0, 40).Select(_ => user.PostAsync(Posting.Order(), key: null))));

        // In a burst a job may count twice for a moment, while it is being accepted: never too many are taken, and the last places one by one.
        Assert.InRange(answers.Count(answer => answer.Status == HttpStatusCode.Created), ApiAlone.MaxBacklog / 2, ApiAlone.MaxBacklog);
        var next = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                // In turn: one alone has not the credits for all that may be missing.
                await users[next++ % users.Count].PostAsync(Posting.Order(), key: null);
                return await OpenAsync() >= ApiAlone.MaxBacklog;
            },
            () => "every place to be taken",
            TimeSpan.FromSeconds(20));

        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToList();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await users[0].PostAsync(Posting.Order(), key: null)).Status);
        Assert.Equal(ApiAlone.MaxBacklog, await OpenAsync());
        Assert.All(answers.Except(accepted), answer => Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "provider_unavailable", true), (answer.Status, answer.Code, answer.RetryAfter > TimeSpan.Zero)));
        Assert.NotEmpty(answers.Except(accepted));
        foreach (var user in users)
        {
            await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
        }

        // A batch that does not fit is refused as a whole, a key that was refused is not used up, and places come back.
        var late = _scenario.NewUser();
        await Answers.RefusedAsync(() => late.Api.CreateBatchAsync(new NewBatch("a pier", new("draft", Seeds: [1, 2])), null, None), HttpStatusCode.ServiceUnavailable, "provider_unavailable");
        var key = $"{Guid.NewGuid()}";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await late.PostAsync(Posting.Order("slow=1"), key)).Status);
        foreach (var user in users)
        {
            foreach (var generation in (await user.Api.ListGenerationsAsync(100, null, None)).Data)
            {
                await user.Api.CancelGenerationAsync(generation.Id, None);
            }
        }

        PostAnswer? again = null;
        await Eventually.HoldsAsync(async () => (again = await late.PostAsync(Posting.Order("slow=2"), key)).Status == HttpStatusCode.Created, () => $"a place: {again}", TimeSpan.FromSeconds(10));
        await late.Api.CancelGenerationAsync(again!.Id, None);

        Task<long> OpenAsync() => _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE due_at IS NOT NULL");
    }

    [Fact]
    public async Task Waiting_jobs_know_their_place_and_move_up()
    {
        var user = _scenario.NewUser();
        var made = new List<Generation> { await user.Api.CreateGenerationAsync(Posting.Order(), None) };
        // What other tests left is counted first.
        var first = await TrueAsync(made[0].Id);
        made.Add(await user.Api.CreateGenerationAsync(Posting.Order(), None));
        made.Add(await user.Api.CreateGenerationAsync(Posting.Order(), None));

        Assert.Equal([first + 1, first + 2], made.Skip(1).Select(job => job.QueuePosition!.Value));
        var place = await TrueAsync(made[2].Id);
        Assert.Equal([place, place - 1, place - 2], (await user.Api.ListGenerationsAsync(null, null, None)).Data.Select(job => job.QueuePosition!.Value));

        var canceled = await user.Api.CancelGenerationAsync(made[0].Id, None);
        Assert.Null(canceled.QueuePosition);
        Assert.Equal(place - 1, await TrueAsync(made[2].Id));
        await user.Api.CancelGenerationAsync(made[1].Id, None);
        await user.Api.CancelGenerationAsync(made[2].Id, None);

        // A count serves for a quarter of a second or longer, so what is shown becomes true a moment later.
        async Task<int> TrueAsync(Guid id)
        {
            var (shown, counted) = (0, 0L);
            await Eventually.HoldsAsync(
                async () =>
                {
                    shown = (await user.Api.GetGenerationAsync(id, None)).QueuePosition!.Value;
                    counted = await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE status = 'pending' AND created_at <= (SELECT created_at FROM generations WHERE id = $1)", id);
                    return shown == counted;
                },
                () => $"place {counted}; {shown} is shown",
                TimeSpan.FromSeconds(10));
            return shown;
        }
    }
}
