using System.Diagnostics;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Events;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>Takes orders, whichever endpoint they come by: looks at the backlog, accepts, and afterwards tells the workers.</summary>
public sealed partial class GenerationDesk(
    CurrentUser user,
    PrintCraftDb db,
    GenerationResources resources,
    WorkSignal signal,
    EventFeed events,
    Backlog backlog,
    Estimates estimates,
    IOptions<GenerationPolicy> policy,
    IOptions<JsonOptions> json,
    TimeProvider time,
    ILogger<GenerationDesk> logger)
{
    private bool _hasAccepted;

    /// <summary>201 with the generation, 402, or 503 while too many jobs wait. Belongs in the transaction that is open, if one is.</summary>
    public async Task<Answer> OrderAsync(GenerationOrder order, CancellationToken cancellationToken)
    {
        if (await backlog.IsFullAsync(db, cancellationToken))
        {
            return Answer.Refusal(ProblemCode.ProviderUnavailable);
        }

        var (generation, hold) = await TryOrderAsync(order, cancellationToken);
        if (!hold.Taken)
        {
            return Answer.Problem(ProblemCode.InsufficientCredits, $"This costs {order.Credits} credits and the balance is {hold.Balance}.", json.Value.SerializerOptions);
        }

        var resource = resources.From(generation);
        return Answer.Created(resource.Links.Self, resource, json.Value.SerializerOptions);
    }

    /// <summary>Accepts the order, if the credits suffice.</summary>
    public async Task<(Generation Generation, Core.Credits.HoldResult Hold)> TryOrderAsync(GenerationOrder order, CancellationToken cancellationToken)
    {
        var estimate = await estimates.SecondsAsync(db, order, cancellationToken);
        var generation = NewGeneration.Of(order, user.Id, estimate, policy.Value, time.GetUtcNow());
        Failpoint.Reach("A1");
        var hold = await db.AcceptAsync(generation, cancellationToken);
        if (hold.Taken)
        {
            _hasAccepted = true;
            backlog.Add();
            Activity.Current?.SetTag("printcraft.generation.id", generation.Id);
            Accepted(logger, generation.Id, generation.Count, generation.Model, order.Credits);
        }

        return (generation, hold);
    }

    /// <summary>After the commit: neither the workers nor the user's event streams need wait for their next poll.</summary>
    public void Announce()
    {
        if (_hasAccepted)
        {
            signal.Send();
            events.Tell(user.Id);
        }
    }

    [LoggerMessage(LogLevel.Information, "Generation {GenerationId} accepted: {Count} image(s) by {Model}, {Credits} credits held.")]
    private static partial void Accepted(ILogger logger, Guid generationId, int count, string model, int credits);
}
