using Npgsql;

using PrintCraft.Core.Data;

using StackExchange.Redis;

namespace PrintCraft.Worker.Commands;

/// <summary>
/// `PrintCraft.Worker reset`: users, jobs, credits, messages, limits and images are gone; the schema stays. 0 when done, 2 when it could not. In
/// Development and Testing only, and while no API and no worker runs: they would bring back what they remember.
/// </summary>
internal static class ResetCommand
{
    /// <summary>Journals and the audit log refuse to be emptied: not here. The setting ends with the transaction.</summary>
    private const string Truncate = """
        SET LOCAL lock_timeout = '10s';
        SET LOCAL session_replication_role = replica;
        DO $$
        BEGIN
            EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' RESTART IDENTITY'
                FROM pg_tables WHERE schemaname = current_schema() AND tablename <> '__EFMigrationsHistory');
        END $$;
        """;

    public static Task<int> RunAsync(string[] args) => CommandHost.RunForDevelopersAsync(args, "reset", async (db, services) =>
    {
        if (CommandHost.FindStore(services) is not { } store)
        {
            return CommandHost.NotPossible;
        }

        // The rows first: a crash after them leaves messages of jobs that nobody knows, which workers drop, and images that the next reset takes.
        await TruncateAsync(await db.OpenAsync(CancellationToken.None));
        if (await PurgeQueueCommand.PurgeAsync(services, CancellationToken.None) is not { } messages || !await FlushAsync(services.GetRequiredService<IConfiguration>().GetConnectionString("redis")))
        {
            return CommandHost.NotPossible;
        }

        var images = store.DeleteAll();
        Console.WriteLine($"Every table is empty; {messages} messages, what Redis knew and {images} images are gone.");
        return 0;
    });

    private static async Task TruncateAsync(NpgsqlConnection connection)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var truncate = new NpgsqlCommand(Truncate, connection, transaction))
        {
            await truncate.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }

    private static async Task<bool> FlushAsync(string? address)
    {
        try
        {
            using var redis = await ConnectionMultiplexer.ConnectAsync(address ?? throw new ArgumentException("It is missing."));
            await redis.GetDatabase().ExecuteAsync("FLUSHDB");
            return true;
        }
        catch (Exception exception) when (exception is RedisException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"Redis does not answer: {exception.GetBaseException().Message} Check ConnectionStrings:redis and that it runs.");
            return false;
        }
    }
}
