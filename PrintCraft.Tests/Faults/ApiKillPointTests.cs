using System.Net;

namespace PrintCraft.Tests.Faults;

/// <summary>An API that dies while it accepts an order: the caller asks again with the same key and has one job, paid once.</summary>
[Collection(nameof(ApiFaults))]
public sealed class ApiKillPointTests(TwoApis fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F6")]
    [InlineData("A1")]
    [InlineData("A2")]
    public async Task Kill9_before_the_commit_leaves_nothing_and_the_retry_runs_as_new(string point)
    {
        var (user, order, key) = (_scenario.NewUser(), Posting.Order(), $"{Guid.NewGuid()}");
        await _scenario.Api.RestartAsync(failpoint: point);

        var lost = await user.PostAsync(order, key);
        await _scenario.Api.DiesAsync();

        Assert.Null(lost.Status);
        Assert.Equal(["0|0|50"], await StateAsync(user.Id));
        await _scenario.Api.StartAsync();
        var answer = await user.PostAsync(order, key);
        Assert.Equal((HttpStatusCode.Created, false), (answer.Status, answer.IsReplay));
        await EndsOnceAsync(user.Id, answer.Id);
    }

    [Theory]
    [Trait("Fault", "F5")]
    [InlineData("A3")]
    [InlineData("A4")]
    public async Task Kill9_after_the_commit_gives_the_retry_the_first_answer_and_runs_one_job(string point)
    {
        var (user, order, key) = (_scenario.NewUser(), Posting.Order(), $"{Guid.NewGuid()}");
        await _scenario.Api.RestartAsync(failpoint: point);

        var first = await user.PostAsync(order, key);
        await _scenario.Api.DiesAsync();
        await _scenario.Api.StartAsync();
        var second = await user.PostAsync(order, key);

        Assert.Equal((HttpStatusCode.Created, true), (second.Status, second.IsReplay));
        // After A4 the answer had left the process; whether it left the machine is the network's affair.
        Assert.True(first.Status is null || first.Body == second.Body, $"{first} {second}");
        await EndsOnceAsync(user.Id, second.Id);
    }

    private async Task EndsOnceAsync(Guid user, Guid id)
    {
        _scenario.Accepted(id);
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(["1|1|49"], await StateAsync(user));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    /// <summary>Jobs, keys and credits of the user.</summary>
    private Task<IReadOnlyList<string>> StateAsync(Guid user) => _scenario.Sql.ListAsync(
        """
        SELECT (SELECT count(*) FROM generations WHERE user_id = $1), (SELECT count(*) FROM idempotency_keys WHERE user_id = $1),
            (SELECT available FROM accounts WHERE user_id = $1)
        """, user);
}
