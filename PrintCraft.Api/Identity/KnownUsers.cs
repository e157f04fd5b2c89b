using System.Collections.Concurrent;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Makes sure that a verified caller has a row and the welcome credits. Remembers whom it has seen, so that only the first request of a
/// user asks the database; the database alone decides who is new.
/// </summary>
public sealed class KnownUsers(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Forgets everybody above this; being asked again costs one statement.</summary>
    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _seen = new();

    /// <summary>Of requests that come at once only the first asks; the others wait for its answer, and for nobody's lock.</summary>
    public async Task EnsureAsync(Guid id, string name, CancellationToken cancellationToken)
    {
        if (_seen.Count >= Capacity)
        {
            _seen.Clear();
        }

        var known = _seen.GetOrAdd(id, _ => new Lazy<Task>(() => CreateAsync(id, name)));
        try
        {
            await known.Value.WaitAsync(cancellationToken);
        }
        catch when (known.Value.IsFaulted)
        {
            _seen.TryRemove(KeyValuePair.Create(id, known));
            throw;
        }
    }

    /// <summary>Not cancelled with the request that came first: others wait for it too.</summary>
    private async Task CreateAsync(Guid id, string name)
    {
        await using var scope = scopes.CreateAsyncScope();
        var user = new User { Id = id, Name = name, CreatedAt = time.GetUtcNow() };
        await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().EnsureUserAsync(user, CancellationToken.None);
    }
}
