using System.Diagnostics;
using System.Text.Json;

using PrintCraft.Core.Data;

namespace PrintCraft.Core.Identity;

public static class AuditTrail
{
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    /// <summary>Adds an entry, which is saved with the change it tells of: either both are there or neither.</summary>
    /// <param name="userId">Whose things were changed.</param>
    /// <param name="actorId">Who did it; null when the system did.</param>
    /// <param name="changes">What changed, without secrets: <see cref="Changes.Between{T}"/>, or anything that is an object as JSON.</param>
    public static void Audit(this PrintCraftDb db, Guid userId, Guid? actorId, string action, object? changes, DateTimeOffset now) => db.AuditLog.Add(new AuditEntry
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        ActorId = actorId,
        Action = action,
        Changes = changes is null ? null : JsonSerializer.Serialize(changes, Json),
        TraceId = Activity.Current?.TraceId.ToString(),
        CreatedAt = now,
    });
}
