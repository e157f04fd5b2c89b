using System.Diagnostics;
using System.Net;

using StackExchange.Redis;

namespace PrintCraft.Tests.Faults;

/// <summary>Redis only speeds things up: whatever becomes of it, no job and no credit is touched.</summary>
[Collection(nameof(NetworkFaults))]
public sealed class RedisFaultTests(QuietScenario fixture)
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);

    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F10")]
    [InlineData("down")]
    [InlineData("silent")]
    [InlineData("slow")]
    [InlineData("cut")]
    [InlineData("flushed")]
    public async Task Whatever_Redis_does_orders_are_taken_and_end_once(string fault)
    {
        var user = _scenario.NewUser();
        await BreakAsync(fault);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => user.PostAsync(Posting.Order(), key: null)));

            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Prompt);
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
            answers.ToList().ForEach(answer => _scenario.Accepted(answer.Id));
            Assert.All(await Task.WhenAll(answers.Select(answer => _scenario.EndAsync(answer.Id))), outcome => Assert.Equal("succeeded||1|0", outcome));
            Assert.All(await Task.WhenAll(answers.Select(answer => _scenario.SpendAsync(answer.Id))), spend => Assert.Equal(1, spend));
            await _scenario.AssertInvariantsAsync();
        }
        finally
        {
            _scenario.Redis.Pass();
        }
    }

    private async Task BreakAsync(string fault)
    {
        switch (fault)
        {
            case "down":
                _scenario.Redis.Refuse();
                break;
            case "silent":
                _scenario.Redis.Blackhole();
                break;
            case "slow":
                _scenario.Redis.Delay(TimeSpan.FromSeconds(1));
                break;
            case "cut":
                _scenario.Redis.Reset();
                break;
            default:
                using (var redis = await ConnectionMultiplexer.ConnectAsync(_scenario.Servers.RedisDirect))
                {
                    await redis.GetDatabase().ExecuteAsync("FLUSHDB");
                }

                break;
        }
    }
}
