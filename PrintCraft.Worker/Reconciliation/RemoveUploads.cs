using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>
/// Removes uploads whose time is over, or whose owner deleted them while the API could not finish it, with their files; not those that a generation which
/// still runs needs. A crash in between leaves a row without files: the next round takes it, and meanwhile nobody is shown it.
/// </summary>
internal sealed class RemoveUploads(ImageStore images, IOptions<ReconciliationOptions> options) : IChore
{
    private const int BatchSize = 100;

    private const string Over = """
        SELECT id, user_id, storage_key FROM uploads
        WHERE expires_at <= now() AND NOT EXISTS (SELECT FROM generations WHERE reference_id = uploads.id AND due_at IS NOT NULL)
        ORDER BY expires_at LIMIT $1
        """;

    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var total = 0;
        for (var removed = BatchSize; removed == BatchSize; total += removed)
        {
            removed = await RemoveAsync(connection, cancellationToken);
        }

        return total;
    }

    private async Task<int> RemoveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using (var find = connection.Statement(Over, Value(BatchSize)))
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var (id, userId) = (reader.GetGuid(0), reader.GetGuid(1));
                images.Delete(PictureKeys.UploadedFile(userId, id));
                if (!await reader.IsDBNullAsync(2, cancellationToken))
                {
                    images.Delete(reader.GetString(2));
                }

                ids.Add(id);
            }
        }

        if (ids.Count > 0)
        {
            await using var delete = connection.Statement("DELETE FROM uploads WHERE id = ANY ($1) AND expires_at <= now()", Value(ids.ToArray()));
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }

        return ids.Count;
    }
}
