using System.Net;

using Microsoft.Extensions.Options;

using Polly;
using Polly.CircuitBreaker;

using PrintCraft.Replicate;

using Refit;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// Whether the provider may be asked for anything new. It closes for as long as a 429 says, for a while when our account is refused (401, 402, 403), and
/// when half of the calls of the last seconds failed (a circuit breaker). While it is closed, jobs wait with their credits held; none fails for it.
/// </summary>
internal sealed partial class ProviderGate
{
    private readonly ResiliencePipeline<ApiResponse<Prediction>> _breaker;
    private readonly WorkOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ProviderGate> _logger;
    private long _closedUntil;

    public ProviderGate(IOptions<WorkOptions> options, TimeProvider time, ILogger<ProviderGate> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        _breaker = new ResiliencePipelineBuilder<ApiResponse<Prediction>> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<ApiResponse<Prediction>>
            {
                SamplingDuration = _options.BreakerSampling,
                FailureRatio = _options.BreakerFailureRatio,
                MinimumThroughput = _options.BreakerMinimum,
                BreakDuration = _options.BreakerPause,
                ShouldHandle = arguments => ValueTask.FromResult(IsOutage(arguments.Outcome.Result)),
                OnOpened = opened =>
                {
                    Close(opened.BreakDuration);
                    Broken(_logger, opened.BreakDuration.TotalSeconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>How long it stays closed; zero when it is open.</summary>
    public TimeSpan ClosedFor => _time.GetUtcNow().UtcTicks is var now && Interlocked.Read(ref _closedUntil) is var until && until > now ? TimeSpan.FromTicks(until - now) : TimeSpan.Zero;

    /// <summary>Makes the call, unless the breaker is open: then null, and nothing was sent.</summary>
    public async Task<ApiResponse<Prediction>?> CallAsync(Func<CancellationToken, Task<ApiResponse<Prediction>>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
    }

    /// <summary>What an answer means for the calls to come.</summary>
    public void Heed(ApiResponse<Prediction> response, TimeSpan? retryAfter)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            Close(retryAfter ?? _options.RetryFirst);
        }
        else if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden)
        {
            Close(_options.BreakerPause);
            Locked(_logger, (int)response.StatusCode, _options.BreakerPause.TotalSeconds);
        }
    }

    private void Close(TimeSpan time)
    {
        var until = _time.GetUtcNow().UtcTicks + time.Ticks;
        for (var current = Interlocked.Read(ref _closedUntil); current < until;)
        {
            var before = Interlocked.CompareExchange(ref _closedUntil, until, current);
            if (before == current)
            {
                return;
            }

            current = before;
        }
    }

    /// <summary>No answer, or a server's failure. A refusal of one request says nothing about the next.</summary>
    private static bool IsOutage(ApiResponse<Prediction>? response) => response is null or { StatusCode: null } or { StatusCode: >= HttpStatusCode.InternalServerError };

    [LoggerMessage(LogLevel.Error, "Replicate fails too often: nothing is submitted for {Seconds} s. Jobs wait.")]
    private static partial void Broken(ILogger logger, double seconds);

    [LoggerMessage(LogLevel.Critical, "Replicate refuses our account with {Status}: check its token and its credit. Nothing is submitted for {Seconds} s; jobs wait.")]
    private static partial void Locked(ILogger logger, int status, double seconds);
}
