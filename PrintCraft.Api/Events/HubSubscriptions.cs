using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Events;

/// <summary>
/// What one connection of the hub follows; made with it and ended with it. The calls of a connection come one after the other, so nothing here is
/// locked. Sending waits while the client's buffers are full, which holds up this connection only, until the transport cuts it off.
/// </summary>
internal sealed partial class HubSubscriptions(EventFollower follower, GenerationResources resources, IOptions<EventOptions> options, ILogger<HubSubscriptions> logger) : IAsyncDisposable
{
    private readonly Dictionary<EventQuery, Subscription> _open = [];

    /// <summary>Follows from after that event on. What was followed already begins anew there.</summary>
    /// <exception cref="HubException">There is no such generation, or the connection follows enough.</exception>
    public async Task<HubSubscription> AddAsync(EventQuery query, long? after, HubCallerContext connection, IClientProxy client)
    {
        await RemoveAsync(query);
        foreach (var (ended, subscription) in _open.Where(one => one.Value.Running.IsCompleted).ToList())
        {
            _open.Remove(ended);
            subscription.Ending.Dispose();
        }

        if (_open.Count >= options.Value.SubscriptionsPerConnection)
        {
            throw HubProblem.Because(ProblemCode.RateLimited, "This connection follows as much as is allowed. Follow all of your generations at once, or fewer.");
        }

        var trail = await follower.OpenAsync(query, after, connection.ConnectionAborted) ?? throw HubProblem.Because(ProblemCode.NotFound, "There is no such generation.");
        if (trail.IsOver)
        {
            trail.Dispose();
            return new HubSubscription(trail.After, More: false);
        }

        var ending = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionAborted);
        _open[query] = new Subscription(ending, RunAsync(trail, connection, client, ending.Token));
        return new HubSubscription(trail.After, More: true);
    }

    /// <summary>No event of it comes after this.</summary>
    public async Task RemoveAsync(EventQuery query)
    {
        if (_open.Remove(query, out var subscription))
        {
            await subscription.Ending.CancelAsync();
            await subscription.Running;
            subscription.Ending.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var query in _open.Keys.ToList())
        {
            await RemoveAsync(query);
        }
    }

    private async Task RunAsync(EventTrail trail, HubCallerContext connection, IClientProxy client, CancellationToken cancellationToken)
    {
        using var _ = trail;
        try
        {
            await foreach (var page in follower.FollowAsync(trail, connection.GetHttpContext()!, cancellationToken))
            {
                foreach (var row in page)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var told = new HubEvent(GenerationEventResource.From(row, resources), trail.Query.Channel, trail.Query.NumberOf(row));
                    // Not with the subscription's token: a message that is broken off breaks the connection.
                    await client.SendAsync(HubEvent.MethodOf(row.Type), told, connection.ConnectionAborted);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            // The loop's edge. The client comes back with its last number.
            Broken(logger, exception);
            connection.Abort();
        }
    }

    [LoggerMessage(LogLevel.Error, "A subscription broke; its connection is ended")]
    private static partial void Broken(ILogger logger, Exception exception);

    private sealed record Subscription(CancellationTokenSource Ending, Task Running);
}
