namespace PrintCraft.Core.Identity;

/// <summary>What a user's orders start from, and what he wants to be told.</summary>
public sealed class UserPreferences
{
    public required Guid UserId { get; init; }

    public string? DefaultStyle { get; set; }

    public string? DefaultQuality { get; set; }

    /// <summary>Print product, free text.</summary>
    public string? DefaultProduct { get; set; }

    public bool EmailNotifications { get; set; } = true;

    public bool PushNotifications { get; set; }

    /// <summary>One higher with each change.</summary>
    public int Version { get; set; }

    public required DateTimeOffset UpdatedAt { get; set; }
}
