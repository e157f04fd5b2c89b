using System.Collections.Concurrent;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Makes sure that a verified caller has a row and the welcome credits. Remembers whom it has seen, so that only the first request of a
/// user asks the database; the database alone decides who is new.
/// </summary>
public sealed class KnownUsers(TimeProvider time)
{
    /// <summary>Forgets everybody above this; being asked again costs one statement.</summary>
    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<Guid, bool> _seen = new();

    public async Task EnsureAsync(PrintCraftDb db, Guid id, string name, CancellationToken cancellationToken)
    {
        if (_seen.ContainsKey(id))
        {
            return;
        }

        await db.EnsureUserAsync(new User { Id = id, Name = name, CreatedAt = time.GetUtcNow() }, cancellationToken);
        if (_seen.Count >= Capacity)
        {
            _seen.Clear();
        }

        _seen[id] = true;
    }
}
