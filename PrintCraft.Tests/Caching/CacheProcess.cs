using System.Diagnostics.Metrics;

using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Caching;
using PrintCraft.Tests.Infrastructure;

using StackExchange.Redis;

namespace PrintCraft.Tests.Caching;

/// <summary>What tests cache.</summary>
public sealed record Note(string Text, bool IsFinal = true);

/// <summary>The cache as one process has it. Times are long, so that nothing but what a test is about makes it forget.</summary>
internal sealed class CacheProcess : IAsyncDisposable
{
    public static readonly CacheRegion<Note> Notes = new("note", "user", "note", options => options.Profiles, note => note.IsFinal);

    private readonly ServiceProvider _services;
    private readonly MeterListener _listener = new();
    private readonly List<string> _counted = [];

    private CacheProcess(string? redis, Action<CacheOptions> configure)
    {
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System);
        services.AddOptions<CacheOptions>().Configure(options =>
        {
            options.Profiles = options.Generations = TimeSpan.FromHours(1);
            options.Unheard = TimeSpan.FromMinutes(1);
            options.Heartbeat = TimeSpan.FromSeconds(1);
            options.Patience = TimeSpan.FromSeconds(10);
            configure(options);
        });
        services.AddSingleton<CacheMetrics>().AddSingleton<MemoryLevel>().AddSingleton<RedisLevel>().AddSingleton<TwoLevelCache>().AddCacheRegion(Notes);
        if (redis is not null)
        {
            services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect($"{redis},abortConnect=false"));
        }

        _services = services.BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (_counted)
            {
                _counted.Add($"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}");
            }
        });
        _listener.Start();
        Cache = _services.GetRequiredService<TwoLevelCache>();
    }

    public TwoLevelCache Cache { get; }

    public MemoryLevel Memory => _services.GetRequiredService<MemoryLevel>();

    /// <summary>Region, result and number of every measurement.</summary>
    public IReadOnlyList<string> Counted
    {
        get
        {
            lock (_counted)
            {
                return [.. _counted];
            }
        }
    }

    /// <summary>Without Redis.</summary>
    public static CacheProcess Alone(Action<CacheOptions>? configure = null) => new(null, configure ?? (_ => { }));

    /// <summary>With Redis, which it has reached.</summary>
    public static async Task<CacheProcess> StartAsync(string redis, Action<CacheOptions>? configure = null)
    {
        var process = new CacheProcess(redis, configure ?? (_ => { }));
        await process._services.GetRequiredService<RedisLevel>().StartAsync(CancellationToken.None);
        await process.HearsAsync();
        return process;
    }

    public Task HearsAsync() => Eventually.HoldsAsync(() => Task.FromResult(Memory.Hears), () => "Redis to be heard", TimeSpan.FromSeconds(60));

    public Task IsDeafAsync() => Eventually.HoldsAsync(() => Task.FromResult(!Memory.Hears), () => "Redis to be lost", TimeSpan.FromSeconds(60));

    /// <summary>The text, from the cache or by this load.</summary>
    public async Task<string?> ReadAsync(CacheTag tag, Func<Task<Note?>> load) => (await Cache.GetAsync(Notes, tag, _ => load(), CancellationToken.None))?.Text;

    public Task<string?> ReadAsync(CacheTag tag, string text) => ReadAsync(tag, () => Task.FromResult<Note?>(new Note(text)));

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<RedisLevel>().StopAsync(CancellationToken.None);
        _listener.Dispose();
        await _services.DisposeAsync();
    }
}
