using Aspire.Hosting.Testing;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using PrintCraft.Api.RateLimits;
using PrintCraft.Tests.Generations;
using PrintCraft.Tests.Infrastructure;

using StackExchange.Redis;

namespace PrintCraft.Tests.RateLimits;

/// <summary>The rule of the windows, which is the same whoever counts: Redis for all processes, or a process for itself.</summary>
public sealed class WindowTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly QuotaPolicy Minute = new("minute", 3, TimeSpan.FromMinutes(1));
    private static readonly QuotaPolicy Hour = new("hour", 4, TimeSpan.FromHours(1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_takes_from_all_of_its_windows_or_from_none(bool isRedis)
    {
        await using var windows = await OpenAsync(isRedis);
        var (a, b) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");

        Assert.Equal("minute 2, hour 3", await windows.TakeAsync(Minute.Of(a), Hour.Of(a)));
        Assert.Equal("minute 1, hour 2", await windows.TakeAsync(Minute.Of(a), Hour.Of(a)));
        Assert.Equal("minute 0, hour 1", await windows.TakeAsync(Minute.Of(a), Hour.Of(a)));
        for (var again = 0; again < 3; again++)
        {
            Assert.Equal("refused by minute: minute 0, hour 1", await windows.TakeAsync(Minute.Of(a), Hour.Of(a)));
        }

        // What was refused for a used nothing up that b shares with it.
        Assert.Equal("minute 2, hour 0", await windows.TakeAsync(Minute.Of(b), Hour.Of(a)));
        Assert.Equal("refused by hour: minute 2, hour 0", await windows.TakeAsync(Minute.Of(b), Hour.Of(a)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_costs_more_takes_more_and_what_was_given_back_is_there_again(bool isRedis)
    {
        await using var windows = await OpenAsync(isRedis);
        var a = $"{Guid.NewGuid()}";

        Assert.Equal("minute 1", await windows.TakeAsync(Minute.Of(a, 2)));
        Assert.Equal("refused by minute: minute 1", await windows.TakeAsync(Minute.Of(a, 2)));
        Assert.Equal("minute 0", await windows.TakeAsync(Minute.Of(a)));
        Assert.Equal("minute 1", await windows.TakeAsync(Minute.Of(a, -1)));
        Assert.Equal("minute 0", await windows.TakeAsync(Minute.Of(a)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Giving_back_to_a_window_that_is_over_earns_nothing(bool isRedis)
    {
        await using var windows = await OpenAsync(isRedis);
        var a = $"{Guid.NewGuid()}";

        await windows.TakeAsync(Minute.Of(a, -1));

        Assert.Equal("minute 2", await windows.TakeAsync(Minute.Of(a)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_requests_at_once_exactly_the_quota_passes(bool isRedis)
    {
        await using var windows = await OpenAsync(isRedis);
        var (a, b) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var (wide, narrow) = (new QuotaPolicy("wide", 1000, TimeSpan.FromHours(1)), new QuotaPolicy("narrow", 70, TimeSpan.FromHours(1)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => Task.Run(() => windows.TakeAsync(wide.Of(a), narrow.Of(number % 2 == 0 ? a : b)))));

        Assert.Equal(140, answers.Count(answer => !answer.StartsWith("refused", StringComparison.Ordinal)));
        Assert.Equal("wide 859", await windows.TakeAsync(wide.Of(a)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_window_tells_the_seconds_that_it_still_has_rounded_up(bool isRedis)
    {
        await using var windows = await OpenAsync(isRedis);
        var take = Hour.Of($"{Guid.NewGuid()}");

        await windows.TakeAsync(take);

        Assert.InRange(take.Reset!.Value, 3590, 3600);
    }

    [Fact]
    public void A_window_begins_anew_when_it_is_over()
    {
        var time = new FixedTime(SampleGeneration.Noon);
        var windows = new LocalWindows(time);
        Assert.True(windows.TryTake([Minute.Of("a", 3)]));

        time.Advance(TimeSpan.FromSeconds(59.5));
        var late = Minute.Of("a");
        Assert.False(windows.TryTake([late]));
        Assert.Equal(1, late.Reset);

        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(windows.TryTake([Minute.Of("a", 3)]));
    }

    [Fact]
    public async Task A_script_that_Redis_forgot_is_sent_again()
    {
        await using var windows = await OpenAsync(isRedis: true);
        var a = $"{Guid.NewGuid()}";
        Assert.Equal("minute 2", await windows.TakeAsync(Minute.Of(a)));

        await windows.ForgetScriptsAsync();

        Assert.Equal("minute 1", await windows.TakeAsync(Minute.Of(a)));
    }

    private static async Task<Counting> OpenAsync(bool isRedis) =>
        isRedis ? await Counting.RedisAsync((await (await PrintCraftApp.GetAsync()).App.GetConnectionStringAsync("redis"))!) : new Counting(new LocalWindows(TimeProvider.System));

    /// <summary>Either of the two.</summary>
    private sealed class Counting(LocalWindows? local) : IAsyncDisposable
    {
        private ServiceProvider? _services;
        private LimitsInRedis? _redis;
        private SharedWindows? _shared;

        public static async Task<Counting> RedisAsync(string connection)
        {
            var counting = new Counting(null);
            counting._services = new ServiceCollection().AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect($"{connection},allowAdmin=true")).BuildServiceProvider();
            // Patient: the machine is busy, and an answer of "no Redis" would be no test.
            counting._redis = new LimitsInRedis(
                counting._services, Options.Create(new RateLimitOptions { Patience = TimeSpan.FromSeconds(10) }), TimeProvider.System, NullLogger<LimitsInRedis>.Instance);
            counting._shared = new SharedWindows(counting._redis);
            await counting._redis.StartAsync(None);
            await Eventually.HoldsAsync(() => Task.FromResult(counting._redis.IsUp), () => "Redis to answer", TimeSpan.FromSeconds(30));
            return counting;
        }

        public async Task<string> TakeAsync(params Take[] takes)
        {
            var isAllowed = local is not null ? local.TryTake(takes) : (await _shared!.TryTakeAsync(takes, None))!.Value;
            var standing = string.Join(", ", takes.Select(take => $"{take.Policy.Name} {take.Remaining}"));
            return isAllowed ? standing : $"refused by {string.Join(", ", takes.Where(take => take.IsViolated).Select(take => take.Policy.Name))}: {standing}";
        }

        public async Task ForgetScriptsAsync() => await _services!.GetRequiredService<IConnectionMultiplexer>().GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");

        public async ValueTask DisposeAsync()
        {
            if (_redis is not null)
            {
                await _redis.StopAsync(None);
                _redis.Dispose();
                await _services!.DisposeAsync();
            }
        }
    }
}
