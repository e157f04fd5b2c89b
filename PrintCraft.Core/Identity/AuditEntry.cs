namespace PrintCraft.Core.Identity;

/// <summary>Who changed what of a user, written in the transaction of the change and never altered.</summary>
public sealed class AuditEntry
{
    public required Guid Id { get; init; }

    /// <summary>Whose things were changed.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Who did it; null when the system did.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>As <c>user.updated</c>, <c>api_key.created</c>, <c>session.reused</c>; at most 50 characters.</summary>
    public required string Action { get; init; }

    /// <summary>JSON: what changed, without secrets; <c>{"field": {"from": …, "to": …}}</c>.</summary>
    public string? Changes { get; init; }

    public string? TraceId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
