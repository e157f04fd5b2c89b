namespace PrintCraft.Core.Messaging;

/// <summary>Work: run this generation. Carries the id only; the row is the truth.</summary>
public sealed record StartGeneration(Guid GenerationId);

/// <summary>Fact: this generation reached a final status.</summary>
public sealed record GenerationFinished(Guid GenerationId, Guid UserId, string Status);
