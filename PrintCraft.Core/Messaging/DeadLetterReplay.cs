using System.Diagnostics;

using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Core.Messaging;

/// <summary>What became of a dead letter that was to be replayed.</summary>
public enum ReplayOutcome
{
    /// <summary>Its generation is open: the message was sent anew.</summary>
    Requeued,

    /// <summary>Its generation had ended without a picture: a new one was ordered, with a new hold of its owner's credits.</summary>
    NewGeneration,

    /// <summary>Its generation had ended, and the owner's credits do not pay for another.</summary>
    InsufficientCredits,

    /// <summary>It was replayed before.</summary>
    AlreadyReplayed,

    /// <summary>There is nothing to run: the reason says why.</summary>
    Impossible,

    /// <summary>There is no such letter.</summary>
    NotFound,
}

/// <param name="GenerationId">The generation that runs now.</param>
/// <param name="UserId">Its owner, who has a new event when the generation is new.</param>
/// <param name="Reason">Why nothing runs; for people.</param>
/// <param name="Style">Of the generation that is new.</param>
public sealed record ReplayResult(Guid LetterId, ReplayOutcome Outcome, Guid? GenerationId = null, Guid? UserId = null, string? Reason = null, string? Style = null)
{
    public bool IsReplayed => Outcome is ReplayOutcome.Requeued or ReplayOutcome.NewGeneration;
}

/// <summary>
/// Gives dead letters another chance. What is done and that it was done are one transaction under the letter's lock: two who replay the same
/// letter do it once, and a crash before the commit leaves it to be replayed.
/// </summary>
public static class DeadLetterReplay
{
    public static async Task<ReplayResult> ReplayAsync(
        this PrintCraftDb db, Guid letterId, ModelCatalog catalog, GenerationPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // The lock is a statement of its own: what is read after it is what the last holder left.
        await db.Database.ExecuteSqlAsync($"SELECT FROM dead_letters WHERE id = {letterId} FOR UPDATE", cancellationToken);
        var letter = await db.DeadLetters.AsNoTracking().SingleOrDefaultAsync(letter => letter.Id == letterId, cancellationToken);
        var result = letter switch
        {
            null => new ReplayResult(letterId, ReplayOutcome.NotFound),
            { ReplayedAt: not null } => new ReplayResult(letterId, ReplayOutcome.AlreadyReplayed, letter.ReplayedAs, Reason: "It was replayed before."),
            _ => await RunAgainAsync(db, letter, catalog, policy, now, cancellationToken),
        };
        if (result.IsReplayed)
        {
            var replayedAs = result.Outcome == ReplayOutcome.NewGeneration ? result.GenerationId : null;
            await db.Database.ExecuteSqlAsync($"UPDATE dead_letters SET replayed_at = {now}, replayed_as = {replayedAs} WHERE id = {letterId}", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    /// <summary>Replays those that nobody has replayed, oldest first, each by itself; answers what became of each.</summary>
    public static async Task<IReadOnlyList<ReplayResult>> ReplayAllAsync(
        this PrintCraftDb db, ModelCatalog catalog, GenerationPolicy policy, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var ids = await db.DeadLetters
            .Where(letter => letter.ReplayedAt == null)
            .OrderBy(letter => letter.DiedAt)
            .ThenBy(letter => letter.Id)
            .Take(limit)
            .Select(letter => letter.Id)
            .ToListAsync(cancellationToken);
        var results = new List<ReplayResult>();
        foreach (var id in ids)
        {
            results.Add(await db.ReplayAsync(id, catalog, policy, now, cancellationToken));
        }

        return results;
    }

    private static async Task<ReplayResult> RunAgainAsync(
        PrintCraftDb db, DeadLetter letter, ModelCatalog catalog, GenerationPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var generation = letter.GenerationId is { } id ? await db.Generations.AsNoTracking().SingleOrDefaultAsync(generation => generation.Id == id, cancellationToken) : null;
        if (generation is null)
        {
            return Impossible(letter.GenerationId is null ? "It names no generation." : "Its generation does not exist.");
        }

        if (!generation.Status.IsFinal())
        {
            db.Outbox.Add(OutboxMessage.Work(new StartGeneration(generation.Id), Activity.Current?.Id, now));
            await db.SaveChangesAsync(cancellationToken);
            return new ReplayResult(letter.Id, ReplayOutcome.Requeued, generation.Id, generation.UserId);
        }

        if (generation.Status == GenerationStatus.Succeeded)
        {
            return Impossible("Its generation has succeeded.");
        }

        if (generation.HiddenAt is not null)
        {
            return Impossible("Its generation was deleted by its owner.");
        }

        if (!RepeatOrder.TryFrom(generation, catalog, out var order, out var reason))
        {
            return Impossible(reason);
        }

        var again = NewGeneration.Of(order, generation.UserId, (int)Math.Ceiling(order.Model.Estimate.TotalSeconds), policy, now);
        var hold = await db.AcceptAsync(again, cancellationToken);
        return hold.Taken
            ? new ReplayResult(letter.Id, ReplayOutcome.NewGeneration, again.Id, again.UserId, Style: again.Style)
            : new ReplayResult(letter.Id, ReplayOutcome.InsufficientCredits, UserId: again.UserId, Reason: $"It costs {order.Credits} credits and its owner's balance is {hold.Balance}.");

        ReplayResult Impossible(string why) => new(letter.Id, ReplayOutcome.Impossible, Reason: why);
    }
}
