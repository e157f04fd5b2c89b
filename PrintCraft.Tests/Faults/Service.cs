using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Operations;

using Xunit.Sdk;

namespace PrintCraft.Tests.Faults;

/// <summary>An API or a worker of a scenario, with the same address and settings through all its lives.</summary>
public sealed class Service(string project, string name, Uri address, IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;
    private const int ExitOfKilled = 128 + SigKill;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
    private readonly List<ProgramProcess> _lives = [];

    public Uri Address => address;

    public bool IsRunning => _lives.Count > 0 && !Now.HasEnded;

    /// <summary>What it said in its last lives, for a failing test's message.</summary>
    public string Story => string.Join(
        Environment.NewLine, _lives.TakeLast(3).SelectMany((life, index) => life.Story.Split(Environment.NewLine).TakeLast(60).Prepend($"--- {name}, life {_lives.Count - Math.Min(3, _lives.Count) + index + 1}")));

    /// <summary>Everything that it wrote in all its lives.</summary>
    public IEnumerable<string> Lines => _lives.SelectMany(life => life.Output.Concat(life.Errors));

    private ProgramProcess Now => _lives[^1];

    /// <summary>Starts it and waits until it is healthy.</summary>
    /// <param name="failpoint">Where it ends or stops by itself, as <c>W4</c>, <c>W4:3</c> or <c>W4=stop</c>.</param>
    /// <param name="path">What must answer 200; null waits for nothing.</param>
    /// <param name="clockSkew">What its clock is ahead, or behind when negative.</param>
    public async Task StartAsync(string? failpoint = null, string? path = "/health", TimeSpan clockSkew = default)
    {
        var environment = new Dictionary<string, string?>(settings)
        {
            ["PRINTCRAFT_FAILPOINT"] = failpoint,
            ["PRINTCRAFT_CLOCK_SKEW"] = clockSkew == TimeSpan.Zero ? null : $"{clockSkew}",
        };
        var process = ProgramProcess.Start(project, environment);
        _lives.Add(process);
        if (path is not null)
        {
            // A failpoint may be reached at once, by a job that waited.
            await Eventually.HoldsAsync(async () => process.HasEnded || await AnswersAsync(path), () => $"{name} to answer {path}. {Story}", Limit);
            if (process.HasEnded && failpoint is null)
            {
                throw new XunitException($"{name} ended at its start. {Story}");
            }
        }
    }

    /// <summary>SIGKILL; ends when the process is reaped.</summary>
    public async Task KillAsync()
    {
        if (IsRunning)
        {
            Now.Send(SigKill);
        }

        await Now.EndAsync(Limit);
    }

    /// <summary>SIGSTOP: it lives, holds its connections and does nothing.</summary>
    public void Stop() => Now.Send(SigStop);

    public void Continue() => Now.Send(SigContinue);

    /// <summary>SIGTERM, as a deployment sends it; the exit code, and how long it took.</summary>
    public Task<(int Code, TimeSpan After)> TerminateAsync()
    {
        Now.Send(ProgramProcess.Terminate);
        return Now.EndAsync(Limit);
    }

    /// <summary>Ends when the process was killed by its failpoint.</summary>
    public async Task DiesAsync()
    {
        var (code, _) = await Now.EndAsync(Limit);
        if (code != ExitOfKilled)
        {
            throw new XunitException($"{name} ended with {code} instead of by SIGKILL. {Story}");
        }
    }

    /// <summary>Ends when the process was stopped by its failpoint.</summary>
    public Task StopsAsync() => Eventually.HoldsAsync(
        () => Task.FromResult(State(Now.Id) == 'T'), () => $"{name} to stop itself; it is in state {State(Now.Id)}. {Story}", Limit);

    public async Task RestartAsync(string? failpoint = null, TimeSpan clockSkew = default)
    {
        if (IsRunning)
        {
            await TerminateAsync();
        }

        await StartAsync(failpoint, clockSkew: clockSkew);
    }

    public async Task<bool> AnswersAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var life in _lives)
        {
            await life.DisposeAsync();
        }

        _http.Dispose();
    }

    /// <summary>R, S, T (stopped), Z…, or ? when there is no such process.</summary>
    private static char State(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return '?';
        }
    }
}
