using System.Text.Json;

using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Events;

/// <summary>
/// The events of the streams over SignalR: the same numbers, the same rules (docs/realtime.md). A connection follows any of its user's jobs, or all of
/// them. Arguments are taken as they come and checked here, so that a wrong one is answered with one of our codes.
/// </summary>
internal sealed class GenerationHub : Hub
{
    /// <summary>An idle connection ends with its credential too.</summary>
    public override Task OnConnectedAsync()
    {
        var (connection, http) = (Context, Context.GetHttpContext()!);
        var credential = http.RequestServices.GetRequiredService<StandingCredential>();
        connection.Features.GetRequiredFeature<IConnectionHeartbeatFeature>().OnHeartbeat(_ => _ = EndWithAsync(credential, http, connection), connection);
        return Task.CompletedTask;
    }

    [HubMethodName("subscribe:generation")]
    public Task<HubSubscription> SubscribeGeneration(JsonElement generationId) => FollowAsync(Generation(generationId), null);

    [HubMethodName("resume:generation")]
    public Task<HubSubscription> ResumeGeneration(JsonElement generationId, JsonElement after) => FollowAsync(Generation(generationId), Number(after));

    [HubMethodName("unsubscribe:generation")]
    public Task UnsubscribeGeneration(JsonElement generationId) => Subscriptions.RemoveAsync(Generation(generationId));

    [HubMethodName("subscribe:user")]
    public Task<HubSubscription> SubscribeUser() => FollowAsync(new EventQuery(UserId), null);

    [HubMethodName("resume:user")]
    public Task<HubSubscription> ResumeUser(JsonElement after) => FollowAsync(new EventQuery(UserId), Number(after));

    [HubMethodName("unsubscribe:user")]
    public Task UnsubscribeUser() => Subscriptions.RemoveAsync(new EventQuery(UserId));

    private Task<HubSubscription> FollowAsync(EventQuery query, long? after) => Subscriptions.AddAsync(query, after, Context, Clients.Caller);

    /// <summary>The connection's own: its request lasts as long as it does, while a hub is made for each call.</summary>
    private HubSubscriptions Subscriptions => Context.GetHttpContext()!.RequestServices.GetRequiredService<HubSubscriptions>();

    private Guid UserId => Context.GetHttpContext()!.Features.GetRequiredFeature<Caller>().UserId;

    private EventQuery Generation(JsonElement id) => id.ValueKind == JsonValueKind.String && id.TryGetGuid(out var generationId)
        ? new EventQuery(UserId, generationId)
        : throw HubProblem.Because(ProblemCode.InvalidRequest, "generationId must be the id of a generation.");

    private static long Number(JsonElement after) => after.ValueKind == JsonValueKind.Number && after.TryGetInt64(out var number) && number >= 0
        ? number
        : throw HubProblem.Because(ProblemCode.InvalidRequest, "after must be the id of an event, a whole number.");

    private static async Task EndWithAsync(StandingCredential credential, HttpContext http, HubCallerContext connection)
    {
        if (!await credential.StandsAsync(http, CancellationToken.None))
        {
            connection.Abort();
        }
    }
}
