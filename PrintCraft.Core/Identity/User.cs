namespace PrintCraft.Core.Identity;

/// <summary>Somebody whose identity was verified once; that first time is when the welcome credits are granted.</summary>
public sealed class User
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
