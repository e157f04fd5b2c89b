namespace PrintCraft.Core.Mail;

/// <summary>An e-mail to be sent, written in the transaction that is its reason. The worker sends it and then forgets its body.</summary>
public sealed class Letter
{
    public required Guid Id { get; init; }

    public required string Recipient { get; init; }

    public required string Subject { get; init; }

    /// <summary>Plain text; null once it was sent, because it may hold a secret link.</summary>
    public string? Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When to try (again); null when sent or given up.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? SentAt { get; init; }
}
