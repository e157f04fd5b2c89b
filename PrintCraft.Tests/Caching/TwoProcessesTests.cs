using System.Globalization;

using Aspire.Hosting.Testing;

using PrintCraft.Api.Caching;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using StackExchange.Redis;

namespace PrintCraft.Tests.Caching;

/// <summary>The caches of two processes that share a real Redis, each over a line of its own that breaks.</summary>
public sealed class TwoProcessesTests : IAsyncLifetime
{
    private readonly CacheTag _tag = CacheTag.User(Guid.NewGuid());
    private TcpProxy _lineA = null!;
    private TcpProxy _lineB = null!;
    private CacheProcess _a = null!;
    private CacheProcess _b = null!;
    private string _credentials = "";

    public async Task InitializeAsync()
    {
        var redis = (await (await PrintCraftApp.GetAsync()).App.GetConnectionStringAsync("redis"))!.Split(',');
        _credentials = string.Join(',', redis.Skip(1).Prepend(""));
        var (host, port) = (redis[0].Split(':')[0], int.Parse(redis[0].Split(':')[1], CultureInfo.InvariantCulture));
        (_lineA, _lineB) = (TcpProxy.To(host, port), TcpProxy.To(host, port));
        (_a, _b) = (await StartAsync(_lineA), await StartAsync(_lineB));
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        await _lineA.DisposeAsync();
        await _lineB.DisposeAsync();
    }

    [Fact]
    public async Task What_one_has_read_the_other_has_from_Redis()
    {
        await _a.ReadAsync(_tag, "of a");

        await InRedisAsync();

        Assert.Equal("of a", await _b.ReadAsync(_tag, "of b"));
        Assert.Equal("of a", await _b.ReadAsync(_tag, "of b"));
        Assert.Equal("note redis 1", _b.Counted[^2]);
        Assert.Equal("note memory 1", _b.Counted[^1]);
    }

    [Fact]
    public async Task What_one_changes_the_other_forgets_at_once()
    {
        await _a.ReadAsync(_tag, "old");
        await InRedisAsync();
        Assert.Equal("old", await _b.ReadAsync(_tag, "of b"));

        await _a.Cache.DropAsync(_tag, CancellationToken.None);

        await Eventually.HoldsAsync(async () => await _b.ReadAsync(_tag, "new") == "new", () => "b to hear of the change", TimeSpan.FromSeconds(30));
        Assert.True(_b.Memory.Hears);
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_in_Redis_for_nobody()
    {
        var gate = new TaskCompletionSource<Note?>();
        var begun = new TaskCompletionSource();
        var slow = _b.ReadAsync(_tag, () =>
        {
            begun.TrySetResult();
            return gate.Task;
        });
        await begun.Task;

        await _a.Cache.DropAsync(_tag, CancellationToken.None);
        gate.SetResult(new Note("old"));

        Assert.Equal("old", await slow);
        await InRedisAsync();
        Assert.Equal("new", await _a.ReadAsync(_tag, "new"));
    }

    [Fact]
    public async Task Without_Redis_reads_go_on_and_what_was_missed_is_forgotten_when_it_is_back()
    {
        await _b.ReadAsync(_tag, "old");
        _lineB.Refuse();
        await _b.IsDeafAsync();
        Assert.Equal("old", await _b.ReadAsync(_tag, "of b"));
        Assert.Equal("read", await _b.ReadAsync(CacheTag.User(Guid.NewGuid()), "read"));

        await _a.Cache.DropAsync(_tag, CancellationToken.None);
        _lineB.Pass();

        await Eventually.HoldsAsync(async () => await _b.ReadAsync(_tag, "new") == "new", () => "b to learn that it missed something", TimeSpan.FromSeconds(60));
        await _b.HearsAsync();
    }

    [Fact]
    public async Task A_Redis_that_is_silent_costs_the_patience_once()
    {
        await using var line = TcpProxy.To("127.0.0.1", _lineA.Port);
        await using var process = await StartAsync(line, options => (options.Patience, options.Heartbeat) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)));
        line.Blackhole();

        foreach (var _ in Enumerable.Range(0, 20))
        {
            Assert.Equal("read", await process.ReadAsync(CacheTag.User(Guid.NewGuid()), "read"));
        }

        Assert.False(process.Memory.Hears);
    }

    [Fact]
    public async Task A_change_that_could_not_be_told_is_told_when_Redis_is_back()
    {
        await _b.ReadAsync(_tag, "old");
        await InRedisAsync();
        _lineA.Refuse();
        await _a.IsDeafAsync();

        await _a.Cache.DropAsync(_tag, CancellationToken.None);
        Assert.Equal("old", await _b.ReadAsync(_tag, "new"));
        _lineA.Pass();

        await Eventually.HoldsAsync(async () => await _b.ReadAsync(_tag, "new") == "new", () => "b to hear of the change", TimeSpan.FromSeconds(60));
    }

    private Task<CacheProcess> StartAsync(TcpProxy line, Action<CacheOptions>? configure = null) => CacheProcess.StartAsync($"127.0.0.1:{line.Port}{_credentials}", configure);

    /// <summary>Nobody waits for the write: it is there when a third process finds it.</summary>
    private async Task InRedisAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_lineB.Port}{_credentials}");
        await Eventually.HoldsAsync(() => redis.GetDatabase().KeyExistsAsync(CacheProcess.Notes.Key(_tag)), () => "the value to be in Redis", TimeSpan.FromSeconds(30));
    }
}
