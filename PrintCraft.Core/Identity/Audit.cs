using System.Diagnostics;
using System.Text.Json;

using PrintCraft.Core.Data;

namespace PrintCraft.Core.Identity;

/// <summary>Writes the audit log. An entry is saved with whatever else the context holds: in the transaction of the change, or not at all.</summary>
public static class AuditLog
{
    /// <summary>Adds an entry; the caller saves.</summary>
    /// <param name="userId">Whose things were changed.</param>
    /// <param name="actorId">Who did it; null when the system did.</param>
    /// <param name="action">As <c>user.updated</c>; at most 50 characters.</param>
    /// <param name="changes">Becomes JSON as it is: nothing secret belongs in it.</param>
    public static void Audit(this PrintCraftDb db, Guid userId, Guid? actorId, string action, object? changes, DateTimeOffset now) => db.AuditLog.Add(new AuditEntry
    {
        Id = Guid.CreateVersion7(now),
        UserId = userId,
        ActorId = actorId,
        Action = action,
        Changes = changes is null ? null : JsonSerializer.Serialize(changes, JsonSerializerOptions.Web),
        TraceId = Activity.Current?.TraceId.ToString(),
        CreatedAt = now,
    });
}
