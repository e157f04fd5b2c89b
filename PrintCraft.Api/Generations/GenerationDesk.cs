using System.Diagnostics;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Events;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Api.Uploads;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>
/// Takes orders, whichever endpoint they come by: looks at the backlog and the limits, accepts, and afterwards tells the workers. One per request; what it was
/// not told to have been committed gives its place in the backlog back when the request ends.
/// </summary>
internal sealed partial class GenerationDesk(
    CurrentUser user,
    PrintCraftDb db,
    Orders together,
    GenerationResources resources,
    WorkSignal signal,
    EventFeed events,
    Backlog backlog,
    Limiter limits,
    Estimates estimates,
    GenerationMetrics metrics,
    IOptions<GenerationPolicy> policy,
    IOptions<JsonOptions> json,
    TimeProvider time,
    ILogger<GenerationDesk> logger) : IDisposable
{
    private readonly List<Guid> _reserved = [];
    private readonly List<Generation> _accepted = [];

    /// <summary>201 with the generation, 402, 429 when it is too much at a time, or 503 while too many jobs wait. Belongs in the transaction that is open, if one is.</summary>
    public async Task<Answer> OrderAsync(GenerationOrder order, CancellationToken cancellationToken)
    {
        var (prepared, refusal) = await PrepareAsync([order], cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        var generation = prepared[0];
        var hold = await AcceptAsync(generation, cancellationToken);
        if (!hold.Taken)
        {
            return Answer.Problem(ProblemCode.InsufficientCredits, Short(order, hold), json.Value.SerializerOptions);
        }

        var resource = Show(generation);
        return Answer.Created(resource.Links.Self, resource, json.Value.SerializerOptions);
    }

    /// <summary>A generation for each order, with a place in the backlog; or why all are refused.</summary>
    public async Task<(IReadOnlyList<Generation> Generations, Answer? Refusal)> PrepareAsync(IReadOnlyList<GenerationOrder> orders, CancellationToken cancellationToken)
    {
        if (orders[0].ReferenceId is { } reference && !await db.CanUseAsync(user.Id, reference, cancellationToken))
        {
            return ([], Answer.Refusal(
                ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("options.referenceImage", "is none of your uploads that are ready")]));
        }

        var now = time.GetUtcNow();
        Generation[] generations = [.. orders.Select(order => NewGeneration.Of(order, user.Id, estimates.Of(order), policy.Value, now))];
        switch (await backlog.TryReserveAsync(generations, cancellationToken))
        {
            case Reservation.Full:
                return ([], Answer.Refusal(ProblemCode.ProviderUnavailable));
            case Reservation.UserIsFull:
                limits.RefuseJobs();
                return ([], Answer.Refusal(ProblemCode.RateLimited, "You have as many generations open as are allowed."));
        }

        _reserved.AddRange(generations.Select(generation => generation.Id));
        return await limits.TrySpendAsync(user.Id, orders.Sum(order => order.Credits), cancellationToken)
            ? (generations, null)
            : ([], Answer.Refusal(ProblemCode.RateLimited, "You ordered for as many credits as are allowed at a time."));
    }

    /// <summary>Accepts what was prepared, if the credits suffice.</summary>
    public async Task<HoldResult> AcceptAsync(Generation generation, CancellationToken cancellationToken)
    {
        Failpoint.Reach("A1");
        // Alone in the caller's transaction, if there is one.
        var hold = db.Database.CurrentTransaction is null && await together.TryAcceptAsync(generation, cancellationToken)
            ? new HoldResult(true, 0)
            : await db.AcceptAsync(generation, cancellationToken);
        if (hold.Taken)
        {
            _accepted.Add(generation);
            Activity.Current?.SetTag("printcraft.generation.id", generation.Id);
            Accepted(logger, generation.Id, generation.Count, generation.Model, generation.CreditsPerImage * generation.Count);
        }
        else
        {
            backlog.GiveBack(generation.Id);
        }

        return hold;
    }

    public GenerationResource Show(Generation generation) => resources.From(generation, backlog.PositionOf(generation));

    /// <summary>After the commit: neither the workers nor the user's event streams need wait for their next poll.</summary>
    public void Announce()
    {
        if (_accepted.Count > 0)
        {
            foreach (var generation in _accepted)
            {
                backlog.Confirm(generation.Id);
                metrics.Created(generation.Style);
            }

            _reserved.Clear();
            signal.Send();
            events.Tell(user.Id);
        }
    }

    public void Dispose() => _reserved.ForEach(backlog.GiveBack);

    internal static string Short(GenerationOrder order, HoldResult hold) => $"This costs {order.Credits} credits and the balance is {hold.Balance}.";

    [LoggerMessage(LogLevel.Information, "Generation {GenerationId} accepted: {Count} image(s) by {Model}, {Credits} credits held.")]
    private static partial void Accepted(ILogger logger, Guid generationId, int count, string model, int credits);
}
