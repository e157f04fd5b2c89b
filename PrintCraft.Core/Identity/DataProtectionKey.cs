namespace PrintCraft.Core.Identity;

/// <summary>A key of ASP.NET Core Data Protection: shared by all API processes, and there after a restart.</summary>
public sealed class DataProtectionKey
{
    public required string Name { get; init; }

    public required string Xml { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
