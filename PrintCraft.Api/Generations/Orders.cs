using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Generations;

/// <summary>Accepts what different users order at the same time in one transaction; a user's own orders one after the other.</summary>
public sealed class Orders
{
    /// <summary>An account that somebody holds for longer is waited for alone, and not by all who stand behind it.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromMilliseconds(250);

    private const int MaxTogether = 32;

    private readonly NpgsqlDataSource _database;
    private readonly WriteGroup<Generation, bool> _orders;

    public Orders([FromKeyedServices(HotPath.Key)] NpgsqlDataSource database)
    {
        _database = database;
        _orders = new(AcceptAsync, order => order.UserId, MaxTogether);
    }

    /// <summary>False when nothing was written, because credits are missing, some of them expire, or the account is locked.</summary>
    public async Task<bool> TryAcceptAsync(Generation generation, CancellationToken cancellationToken)
    {
        try
        {
            return await _orders.WriteAsync(generation, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <summary>
    /// A connection that lay idle may have died with the server's last restart, so a broken one is replaced, once. Whether the first try was committed is
    /// not known then: the ids tell, which it gave and nobody else has.
    /// </summary>
    private async Task<IReadOnlyList<bool>> AcceptAsync(IReadOnlyList<Generation> orders, CancellationToken cancellationToken)
    {
        try
        {
            return await AcceptOnceAsync(orders, cancellationToken);
        }
        catch (NpgsqlException exception) when (IsBroken(exception))
        {
            var before = await AcceptedAsync(orders, cancellationToken);
            return before.Count > 0 ? [.. orders.Select(order => before.Contains(order.Id))] : await AcceptOnceAsync(orders, cancellationToken);
        }
    }

    /// <summary>The connection is gone, or its last words are that the server ends.</summary>
    internal static bool IsBroken(NpgsqlException exception) => exception is PostgresException { SqlState: var state }
        ? state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
        : exception.IsTransient;

    private async Task<IReadOnlyList<bool>> AcceptOnceAsync(IReadOnlyList<Generation> orders, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        return await Acceptance.AcceptTogetherAsync(connection, orders, cancellationToken);
    }

    private async Task<HashSet<Guid>> AcceptedAsync(IReadOnlyList<Generation> orders, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand("SELECT id FROM generations WHERE id = ANY ($1)");
        command.Parameters.Add(Column(orders, order => order.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
