using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>Accepts what different users order at the same time in one transaction; a user's own orders one after the other.</summary>
public sealed class Orders([FromKeyedServices(HotPath.Key)] NpgsqlDataSource hot)
{
    private const int MaxTogether = 32;

    private readonly WriteGroup<Generation, bool> _orders = new(
        async orders =>
        {
            await using var connection = await hot.OpenConnectionAsync();
            return await Acceptance.AcceptTogetherAsync(connection, orders, CancellationToken.None);
        },
        order => order.UserId,
        MaxTogether);

    /// <summary>False when nothing was written, because credits are missing or some of them expire.</summary>
    public Task<bool> TryAcceptAsync(Generation generation, CancellationToken cancellationToken) => _orders.WriteAsync(generation, cancellationToken);
}
