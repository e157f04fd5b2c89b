using System.Collections.Concurrent;

using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Events;

/// <summary>
/// Waits for jobs to end, for any number of requests with one question to the database at a time: it is asked when somebody's events were
/// told of, and each second in case that was lost.
/// </summary>
public sealed partial class FinalWatch(IServiceScopeFactory scopes, IOptions<EventOptions> options, ILogger<FinalWatch> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<Waiter, Guid> _waiting = new();
    private readonly EventBell _bell = new();

    /// <summary>Until the generation is final or the time is over.</summary>
    public async Task WaitAsync(Guid generationId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new Waiter();
        _waiting[waiter] = generationId;
        // It may have ended before we began to wait.
        _bell.Ring();
        try
        {
            await waiter.Ended.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
        finally
        {
            _waiting.TryRemove(waiter, out _);
        }
    }

    /// <summary>Something happened to some job.</summary>
    public void Ring()
    {
        if (!_waiting.IsEmpty)
        {
            _bell.Ring();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _bell.WaitAsync(_waiting.IsEmpty ? Timeout.InfiniteTimeSpan : options.Value.FallbackPoll, stoppingToken);
            try
            {
                if (_waiting.ToArray() is { Length: > 0 } waiting)
                {
                    var ended = await EndedAsync([.. waiting.Select(entry => entry.Value).Distinct()], stoppingToken);
                    foreach (var (waiter, _) in waiting.Where(entry => ended.Contains(entry.Value)))
                    {
                        waiter.Ended.TrySetResult();
                    }
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge. The waiters wait on, at most for the time they asked for.
                Blind(logger, exception.GetBaseException().Message);
                await Task.Delay(options.Value.FallbackPoll, stoppingToken);
            }
        }
    }

    private async Task<HashSet<Guid>> EndedAsync(Guid[] ids, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        NpgsqlConnection connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
        await using var command = connection.Statement("SELECT id FROM generations WHERE id = ANY($1) AND completed_at IS NOT NULL", Value(ids));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ended = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ended.Add(reader.GetGuid(0));
        }

        return ended;
    }

    [LoggerMessage(LogLevel.Warning, "Whether generations have ended cannot be read: {Reason}")]
    private static partial void Blind(ILogger logger, string reason);

    private sealed class Waiter
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
