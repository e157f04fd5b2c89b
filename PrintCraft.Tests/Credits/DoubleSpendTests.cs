using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Credits;

public sealed class DoubleSpendTests
{
    private const int Rounds = 200;
    private const int Parallel = 50;

    /// <summary>F26 at its full size: the fault suite has a round of it with jobs that run.</summary>
    [Fact]
    [Trait("Fault", "F26")]
    public async Task Two_hundred_rounds_of_fifty_parallel_orders_at_two_processes_on_ten_credits_accept_ten_each()
    {
        await using var scenario = await Scenario.PrepareAsync(new ScenarioPlan
        {
            Apis = 2,
            Workers = 0,
            Settings = new Dictionary<string, string?> { ["Generations__QueueGrace"] = "01:00:00", ["Generations__Deadline"] = "02:00:00", ["Logging__LogLevel__Default"] = "Warning" },
        });
        await Task.WhenAll(scenario.Apis.Select(api => api.StartAsync()));
        var order = new NewGeneration("a pier", Options: new("draft", 512, 512, Seed: 1));

        for (var round = 0; round < Rounds; round++)
        {
            var name = $"round-{Guid.CreateVersion7():n}";
            TestUser[] user = [scenario.User(name, api: 0), scenario.User(name, api: 1)];
            // Of fifty credits forty are spent.
            await scenario.OrderAsync(user[0], new NewGeneration("a pier", Options: new("standard", 2048, 2048, Count: 2)));
            await scenario.OrderAsync(user[1], new NewGeneration("a pier", Options: new("standard", Count: 2)));

            var answers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(number => OrderAsync(user[number % 2], order)));

            var (accepted, unpaid) = (answers.Count(answer => answer.Status == HttpStatusCode.Created), answers.Count(answer => answer.Status == HttpStatusCode.PaymentRequired));
            Assert.True(
                (accepted, unpaid) == (10, Parallel - 10),
                $"Round {round}: {accepted} accepted, {unpaid} unpaid. {string.Join(' ', answers.Where(answer => answer.Status is not (HttpStatusCode.Created or HttpStatusCode.PaymentRequired)))}");
            await scenario.Sql.AssertLedgerHoldsAsync(user[0].Id);
            Assert.Equal((0, 50), (await scenario.Sql.BalanceAsync(user[0].Id, "available"), await scenario.Sql.BalanceAsync(user[0].Id, "held")));
            user[0].Http.Dispose();
            user[1].Http.Dispose();
        }
    }

    /// <summary>On a busy machine fifty may wait for one account longer than a lock is waited for: such a caller is told to come back, and does.</summary>
    private static async Task<PostAnswer> OrderAsync(TestUser user, NewGeneration order)
    {
        for (; ; )
        {
            var answer = await user.PostAsync(order, key: null);
            if (answer is not { Status: HttpStatusCode.ServiceUnavailable, RetryAfter: not null })
            {
                return answer;
            }
        }
    }
}
