using PrintCraft.Tests.Faults;

using Xunit.Sdk;

namespace PrintCraft.Soak;

/// <summary>Breaks one thing after the other, as the seed says, and mends it again.</summary>
internal sealed class Chaos(Scenario scenario, Random random)
{
    private readonly SortedDictionary<string, int> _done = [];

    /// <summary>What was done, and how often.</summary>
    public string Story
    {
        get
        {
            lock (_done)
            {
                return string.Join(", ", _done.Select(one => $"{one.Value} {one.Key}"));
            }
        }
    }

    /// <summary>From SIGTERM to the end of the process.</summary>
    public TimeSpan SlowestExit { get; private set; }

    public async Task RunAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(1 + (2 * random.NextDouble())), over);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // Begun is mended, also when the run is over.
            await BreakAsync(random.Next(12));
        }
    }

    private Task BreakAsync(int what) => what switch
    {
        0 or 1 or 2 => KillAsync("worker killed", scenario.Workers),
        3 => KillAsync("api killed", scenario.Apis),
        4 => FreezeAsync("worker stopped", scenario.Workers),
        5 => RestartAsync("worker restarted", scenario.Workers),
        6 => RestartAsync("api restarted", scenario.Apis),
        7 => LineAsync("broker away", scenario.RabbitMq),
        8 => LineAsync("Redis away", scenario.Redis),
        9 => LineAsync("database away", scenario.Postgres),
        10 => Once("provider's answers cut", scenario.Replicate.Reset),
        _ => Once("database connections cut", scenario.Postgres.Reset),
    };

    private async Task KillAsync(string what, IReadOnlyList<Service> services)
    {
        var service = Pick(services);
        await service.KillAsync();
        await PauseAsync(2);
        await service.StartAsync(path: "/alive");
        Count(what);
    }

    private async Task FreezeAsync(string what, IReadOnlyList<Service> services)
    {
        var service = Pick(services);
        service.Stop();
        await PauseAsync(8);
        service.Continue();
        Count(what);
    }

    private async Task RestartAsync(string what, IReadOnlyList<Service> services)
    {
        var service = Pick(services);
        try
        {
            var (code, after) = await service.TerminateAsync();
            SlowestExit = after > SlowestExit ? after : SlowestExit;
            Count(code == 0 ? what : $"{what} (exit code {code})");
        }
        catch (XunitException exception)
        {
            // Told to end and did not: that is a finding, and the run goes on to see what it costs.
            Console.Error.WriteLine(exception.Message);
            Count($"{what} by SIGKILL, for it did not end");
            await service.KillAsync();
        }

        await service.StartAsync(path: "/alive");
    }

    private async Task LineAsync(string what, TcpProxy line)
    {
        if (random.Next(2) == 0)
        {
            line.Refuse();
        }
        else
        {
            line.Blackhole();
        }

        await PauseAsync(3);
        line.Pass();
        Count(what);
    }

    private Task Once(string what, Action action)
    {
        action();
        Count(what);
        return Task.CompletedTask;
    }

    private Service Pick(IReadOnlyList<Service> services) => services[random.Next(services.Count)];

    private Task PauseAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds * random.NextDouble()));

    private void Count(string what)
    {
        lock (_done)
        {
            _done[what] = _done.GetValueOrDefault(what) + 1;
        }
    }
}
