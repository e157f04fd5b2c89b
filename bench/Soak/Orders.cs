using System.Collections.Concurrent;
using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Soak;

/// <summary>Callers who order, each with a key, and ask again (at the other API) until they have a definite answer.</summary>
internal sealed class Orders(Scenario scenario, Random random, int jobs, int open)
{
    private const int Callers = 16;

    /// <summary>A user has 50 credits and a job costs one.</summary>
    private const int JobsPerUser = 50;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);

    /// <summary>What the provider does, by its share of a hundred.</summary>
    private static readonly (int Share, string Faults)[] Mix =
    [
        (62, "slow=0.2"),
        (5, "slow=0.2 webhook=lost"),
        (3, "slow=0.2 webhook-copies=5"),
        (2, "slow=0.2 webhook=forged"),
        (3, "slow=0.2 webhook-after=3"),
        (4, "reset accepted slow=0.2"),
        (3, "status=500 accepted slow=0.2 webhook=lost"),
        (3, "status=502 times=1; slow=0.2"),
        (2, "reset times=1; slow=0.2"),
        (3, "status=429 retry-after=1 times=1; slow=0.2"),
        (2, "end=failed times=1; slow=0.2"),
        (1, "end=failed slow=0.1"),
        (1, "end=nsfw slow=0.1"),
        (1, "slow=0.1 output=gone"),
        (1, "slow=0.1 output=corrupt"),
        (2, "slow=0.1 output=truncated output-times=1"),
        (1, "slow=0.2 get=500 get-times=2"),
        (1, "answer-after=6 slow=0.2"),
    ];

    private readonly TestUser[][] _users = [.. Enumerable.Range(0, (jobs / JobsPerUser) + 1).Select(index =>
        scenario.Apis.Select((_, api) => scenario.User($"soak-{index}", api)).ToArray())];

    private int _next = -1;
    private int _attempted;

    /// <summary>Requests that were sent.</summary>
    public int Attempted => _attempted;

    /// <summary>The job that each order was told.</summary>
    public ConcurrentDictionary<int, Guid> Accepted { get; } = new();

    /// <summary>Answers that nobody expects.</summary>
    public ConcurrentQueue<string> Unexpected { get; } = new();

    public async Task RunAsync()
    {
        // Decided before anybody races: the same seed orders the same.
        var faults = Enumerable.Range(0, jobs).Select(_ => Pick(random.Next(100))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(caller, faults)));
    }

    private static string Pick(int number)
    {
        foreach (var (share, faults) in Mix)
        {
            if ((number -= share) < 0)
            {
                return faults;
            }
        }

        return Mix[0].Faults;
    }

    private async Task CallAsync(int caller, string[] faults)
    {
        for (int job; (job = Interlocked.Increment(ref _next)) < jobs;)
        {
            if (job % Callers == 0)
            {
                await RoomAsync();
            }

            await OrderAsync(job, Scenario.Prompt(faults[job]), api: caller % scenario.Apis.Count);
        }
    }

    private async Task OrderAsync(int job, string prompt, int api)
    {
        var order = new NewGeneration(prompt, Options: new("draft", 512, 512, Seed: job));
        for (; ; api = (api + 1) % scenario.Apis.Count)
        {
            Interlocked.Increment(ref _attempted);
            var answer = await _users[job / JobsPerUser][api].PostAsync(order, $"order-{job}");
            switch (answer.Status)
            {
                case HttpStatusCode.Created:
                    Accepted[job] = answer.Id;
                    scenario.Accepted(answer.Id);
                    return;
                case null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict:
                    await Task.Delay(Again);
                    break;
                default:
                    Unexpected.Enqueue($"order {job}: {answer}");
                    return;
            }
        }
    }

    /// <summary>Waits while too many jobs are open.</summary>
    private Task RoomAsync() => Eventually.HoldsAsync(
        async () => await scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE completed_at IS NULL") < open,
        () => $"fewer than {open} open jobs. {scenario.Story()}",
        TimeSpan.FromMinutes(5));
}
