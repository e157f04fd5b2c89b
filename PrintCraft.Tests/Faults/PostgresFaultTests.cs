using System.Net;

using Npgsql;

namespace PrintCraft.Tests.Faults;

/// <summary>The database is away, or an answer of it is lost: callers are told to come again, and nothing is half done.</summary>
[Collection(nameof(NetworkFaults))]
public sealed class PostgresFaultTests(QuietScenario fixture)
{
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(20);

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F9")]
    public async Task While_the_database_refuses_callers_get_503_and_soon_after_it_their_orders() => await AwayAsync(_scenario.Postgres.Refuse);

    [Fact]
    [Trait("Fault", "F9")]
    public async Task Backends_that_are_terminated_under_load_lose_no_order_and_double_none()
    {
        var user = _scenario.NewUser();
        var posting = new List<Task<PostAnswer>>();

        for (var round = 0; round < 4; round++)
        {
            posting.AddRange(Enumerable.Range(0, 4).Select(_ => user.PostUntilDecidedAsync(Posting.Order(), $"{Guid.NewGuid()}")));
            await _scenario.Sql.ListAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1", ScenarioServers.Application);
        }

        var answers = await Task.WhenAll(posting);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        answers.ToList().ForEach(answer => _scenario.Accepted(answer.Id));
        Assert.Equal(answers.Length, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", user.Id));
        Assert.All(await Task.WhenAll(answers.Select(answer => _scenario.EndAsync(answer.Id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(answers.Select(answer => _scenario.SpendAsync(answer.Id))), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F9")]
    public async Task A_commit_whose_answer_is_lost_is_no_success_and_the_retry_gets_the_job()
    {
        var (user, order, key, first) = (_scenario.NewUser(), Posting.Order(), "", default(PostAnswer));
        // The cut may meet what the server still says to somebody else: then once more, with an order of its own.
        for (var attempt = 0; attempt < 3 && first?.Status != HttpStatusCode.ServiceUnavailable; attempt++)
        {
            (user, key) = (_scenario.NewUser(), $"{Guid.NewGuid()}");
            await _scenario.Api.RestartAsync(failpoint: "A2=stop");
            var posting = user.PostAsync(order, key);
            await _scenario.Api.StopsAsync();
            // The next that the server says must be its answer to the commit.
            _scenario.Worker.Stop();
            _scenario.Postgres.CutAfter(0);

            _scenario.Api.Continue();
            first = await posting;
            _scenario.Worker.Continue();
            if (first.Status == HttpStatusCode.Created)
            {
                _scenario.Accepted(first.Id);
            }
        }

        var second = await user.PostUntilDecidedAsync(order, key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first?.Status);
        Assert.Equal((HttpStatusCode.Created, true), (second.Status, second.IsReplay));
        _scenario.Accepted(second.Id);
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(second.Id));
        Assert.Equal(1, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", user.Id));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F9")]
    public async Task Callers_who_find_no_free_connection_are_told_to_come_again()
    {
        var user = _scenario.NewUser();
        await user.Api.ListGenerationsAsync(null, null, CancellationToken.None);
        await using var locker = new NpgsqlConnection(_scenario.Sql.ConnectionString);
        await locker.OpenAsync();
        await using var transaction = await locker.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM accounts WHERE user_id = $1 FOR UPDATE", locker) { Parameters = { new() { Value = user.Id } } })
        {
            await hold.ExecuteNonQueryAsync();
        }

        // More than there are connections, all waiting for one row.
        var posting = Enumerable.Range(0, 40).Select(_ => user.PostAsync(Posting.Order("slow=0"), $"{Guid.NewGuid()}")).ToList();
        await Task.WhenAny(posting);
        await transaction.RollbackAsync();
        var answers = await Task.WhenAll(posting);

        Assert.All(answers, answer => Assert.True(
            answer.Status == HttpStatusCode.Created || (answer.Status == HttpStatusCode.ServiceUnavailable && answer.RetryAfter is not null), $"{answer}"));
        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToList();
        Assert.NotEqual(answers.Length, accepted.Count);
        Assert.Equal(accepted.Count, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", user.Id));
        accepted.ForEach(answer => _scenario.Accepted(answer.Id));
        await _scenario.AssertInvariantsAsync();
    }

    private async Task AwayAsync(Action breakLine)
    {
        var user = _scenario.NewUser();
        var before = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _scenario.OrderAsync(user, "slow=2")));
        breakLine();
        var (order, key) = (Posting.Order(), $"{Guid.NewGuid()}");
        try
        {
            var refused = await user.PostAsync(order, key);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "service_unavailable"), (refused.Status, refused.Code));
            Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5));
            Assert.Equal((false, true), (await _scenario.Api.AnswersAsync("/health"), await _scenario.Api.AnswersAsync("/alive")));
        }
        finally
        {
            _scenario.Postgres.Pass();
        }

        var accepted = await user.PostUntilDecidedAsync(order, key).WaitAsync(SoonAgain);
        Assert.Equal((HttpStatusCode.Created, false), (accepted.Status, accepted.IsReplay));
        _scenario.Accepted(accepted.Id);
        Guid[] ids = [.. before, accepted.Id];
        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }
}
