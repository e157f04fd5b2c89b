using System.Net;

namespace PrintCraft.Tests.Faults;

/// <summary>SIGTERM under load, as each deployment sends it.</summary>
public sealed class ShutdownTests(TwoWorkers fixture) : IClassFixture<TwoWorkers>
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F30")]
    public async Task Workers_that_are_replaced_under_load_hand_back_what_they_have_and_nothing_is_bought_twice()
    {
        var user = _scenario.NewUser();
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _scenario.OrderAsync(user, "slow=1")));
        await _scenario.UntilAsync("count(*) >= 5 FROM generation_images WHERE status = 'submitted'");

        foreach (var worker in _scenario.Workers)
        {
            var (code, after) = await worker.TerminateAsync();
            Assert.Equal(0, code);
            Assert.InRange(after, TimeSpan.Zero, Grace);
            await worker.StartAsync();
        }

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        Assert.Equal("", await _scenario.CheckByCommandAsync());
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F30")]
    public async Task An_api_that_is_told_to_end_answers_what_it_took_and_ends_with_zero()
    {
        var user = _scenario.NewUser();
        var posting = Enumerable.Range(0, 20).Select(_ => user.PostAsync(Posting.Order("slow=0"), key: null)).ToList();
        await Task.WhenAny(posting);

        var (code, after) = await _scenario.Api.TerminateAsync();

        Assert.Equal(0, code);
        Assert.InRange(after, TimeSpan.Zero, Grace);
        var answers = await Task.WhenAll(posting);
        // Taken or not taken; whoever got no answer has no job.
        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Id).ToList();
        Assert.All(answers, answer => Assert.Contains(answer.Status, new HttpStatusCode?[] { HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable, null }));
        Assert.Equal(accepted.Count, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", user.Id));
        accepted.ForEach(_scenario.Accepted);
        await _scenario.Api.StartAsync();
        await _scenario.AssertInvariantsAsync();
    }
}
