namespace PrintCraft.Core.Data;

/// <summary>
/// The first answer to a request with an <c>Idempotency-Key</c>, written in the transaction of the work. Kept for a day.
/// </summary>
public sealed class IdempotencyKey
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public required Guid UserId { get; init; }

    /// <summary>Method and path of the request.</summary>
    public required string Route { get; init; }

    /// <summary>As the caller sent it, without quotes.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of the request's body as it was understood.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>HTTP status; null only inside the transaction that does the work.</summary>
    public int? Status { get; init; }

    /// <summary>The <c>Location</c> header.</summary>
    public string? Location { get; init; }

    /// <summary>JSON, byte for byte.</summary>
    public string? Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
