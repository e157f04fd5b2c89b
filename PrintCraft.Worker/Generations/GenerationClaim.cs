using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// The right to work on one generation: a lease by the database's clock and a fencing token. Whoever claims next gets a higher token, and
/// every write names its own, so a worker that was stopped and comes back late changes nothing.
/// </summary>
internal sealed record GenerationClaim(Guid Id, long Token)
{
    /// <summary>
    /// First of a write's statements: what follows it in the batch sees everything that the last holder of the lock committed.
    /// </summary>
    private const string Lock = "SELECT FROM generations WHERE id = $1 FOR UPDATE";

    private const string LockMany = "SELECT FROM generations WHERE id = ANY ($1) ORDER BY id FOR UPDATE";

    /// <summary>Nobody had the generation before.</summary>
    public bool IsFirst => Token == 1;

    /// <summary>Holds the claim longer; false when it was lost.</summary>
    public async Task<bool> RenewAsync(NpgsqlDataSource database, TimeSpan lease, CancellationToken cancellationToken) =>
        await ExecuteAsync(database, "UPDATE generations SET lease_until = now() + $3 WHERE id = $1 AND lease_token = $2 AND completed_at IS NULL", lease, cancellationToken) == 1;

    /// <summary>Gives the claim back, to be looked at after <paramref name="wait"/> or at the deadline, or at once when a webhook came meanwhile.</summary>
    public Task ReleaseAsync(NpgsqlDataSource database, TimeSpan wait, CancellationToken cancellationToken) =>
        ExecuteAsync(
            database,
            """
            UPDATE generations SET lease_until = NULL, due_at = CASE WHEN hinted THEN now() ELSE least(now() + $3, deadline) END
            WHERE id = $1 AND lease_token = $2 AND completed_at IS NULL
            """,
            wait,
            cancellationToken);

    /// <summary>A batch of <see cref="Lock"/> and one write, which is one round trip and one transaction; answers what the write answers.</summary>
    public static async Task<T?> WriteAsync<T>(NpgsqlDataSource database, Guid generationId, string text, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection).Then(Lock, Value(generationId)).Then(text, parameters);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken) ? reader.GetFieldValue<T>(0) : default;
    }

    /// <summary>Begins a batch with the locks that its writes need, in the order in which everybody takes them.</summary>
    public static NpgsqlBatch LockAll(NpgsqlConnection connection, IReadOnlyList<Generation> generations)
    {
        var batch = new NpgsqlBatch(connection);
        return generations is [var only]
            ? batch.Then(Lock, Value(only.Id))
            : batch.Then(LockMany, Column(generations, generation => generation.Id)).Then(Acceptance.LockAccounts, Column(generations, generation => generation.UserId));
    }

    /// <summary>The answer of the last statement.</summary>
    public static async Task<NpgsqlDataReader> LastResultAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var statement = 1; statement < batch.BatchCommands.Count; statement++)
        {
            await reader.NextResultAsync(cancellationToken);
        }

        return reader;
    }

    private async Task<int> ExecuteAsync(NpgsqlDataSource database, string text, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(text, Value(Id), Value(Token), Value(time));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
