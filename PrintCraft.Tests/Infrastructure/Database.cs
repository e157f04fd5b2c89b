using Npgsql;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>Looks into the graph's database, for what the API does not show.</summary>
public sealed class Database(string connectionString)
{
    public string ConnectionString => connectionString;

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> ListAsync(string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(index => reader.IsDBNull(index) ? "" : reader.GetValue(index).ToString())));
        }

        return rows;
    }

    public Task<long> BalanceAsync(Guid userId, string account) =>
        ScalarAsync<long>("SELECT CASE $2 WHEN 'held' THEN held ELSE available END FROM accounts WHERE user_id = $1", userId, account);

    /// <summary>The journals of a job, as kind and amount, in order.</summary>
    public Task<IReadOnlyList<string>> JournalsAsync(Guid generationId) => ListAsync(
        "SELECT kind, (SELECT sum(amount) FROM journal_entries WHERE journal_id = id AND amount > 0) FROM journals WHERE business_id = $1 ORDER BY created_at, kind", generationId.ToString());

    /// <summary>
    /// What must hold for a user after anything: every journal sums to zero, each balance is the sum of its entries and not negative, every
    /// final job has settled its whole hold, and nothing is held without a running job.
    /// </summary>
    public async Task AssertLedgerHoldsAsync(Guid userId)
    {
        Assert.Empty(await ListAsync("SELECT journal_id FROM journal_entries GROUP BY journal_id HAVING sum(amount) <> 0"));
        Assert.Empty(await ListAsync(
            """
            SELECT available, held, free, promised FROM accounts JOIN LATERAL (
                SELECT coalesce(sum(amount) FILTER (WHERE account = 'available'), 0) AS free, coalesce(sum(amount) FILTER (WHERE account = 'held'), 0) AS promised
                FROM journal_entries WHERE user_id = accounts.user_id) sums ON true
            WHERE accounts.user_id = $1 AND (available <> free OR held <> promised OR available < 0 OR held < 0)
            """, userId));
        Assert.Equal(
            await ScalarAsync<long>($"SELECT coalesce(sum(credits_per_image * count), 0)::bigint FROM generations WHERE user_id = $1 AND status IN ('pending', 'processing')", userId),
            await BalanceAsync(userId, "held"));
    }
}
