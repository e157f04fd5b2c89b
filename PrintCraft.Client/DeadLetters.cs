namespace PrintCraft.Client;

/// <summary>A message that no worker could take.</summary>
public sealed record DeadLetter(
    Guid Id, string Queue, string? MessageId, string Body, string Reason, Guid? GenerationId, DateTimeOffset DiedAt, DateTimeOffset? ReplayedAt, Guid? ReplayedAs);

/// <param name="Outcome">requeued, newGeneration, insufficientCredits, alreadyReplayed or impossible.</param>
public sealed record Replay(Guid Id, string Outcome, Guid? GenerationId, string? Reason);

public sealed record Replays(int Replayed, int Refused, IReadOnlyList<Replay> Data);
