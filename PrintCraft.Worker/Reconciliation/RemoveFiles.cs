using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Removes the files of deleted generations that the API did not get to, because it died between the commit and the removal, and temporary files that a
/// killed worker left.
/// </summary>
internal sealed class RemoveFiles(ImageStore images, IOptions<ReconciliationOptions> options, TimeProvider time) : IChore
{
    private const int BatchSize = 100;

    private const string HiddenFiles = """
        SELECT id, ARRAY (SELECT storage_key FROM generation_images WHERE generation_id = id AND storage_key IS NOT NULL)
        FROM generations WHERE hidden_at IS NOT NULL AND purged_at IS NULL ORDER BY hidden_at LIMIT $1
        """;

    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        await PurgeAsync(connection, cancellationToken) + images.DeleteTemporary(time.GetUtcNow() - options.Value.TemporaryFileAge);

    private async Task<int> PurgeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using (var find = connection.Statement(HiddenFiles, Value(BatchSize)))
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
                foreach (var key in reader.GetFieldValue<string[]>(1))
                {
                    images.Delete(key);
                }
            }
        }

        if (ids.Count > 0)
        {
            await using var purged = connection.Statement("UPDATE generations SET purged_at = now() WHERE id = ANY ($1) AND purged_at IS NULL", Value(ids.ToArray()));
            await purged.ExecuteNonQueryAsync(cancellationToken);
        }

        return ids.Count;
    }
}
