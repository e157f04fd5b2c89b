using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Worker.Reconciliation;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Images;

/// <summary>
/// Finds images that have no thumbnail, because their worker died or had too many, and makes it. There is no index for it, which every write of the work would
/// pay for: ids go by time, so once everything older is done, only the jobs since the oldest open one are looked at. A process begins with all there are.
/// </summary>
internal sealed class FindThumbnails(MakeThumbnails thumbnails, IOptions<ThumbnailOptions> options) : IChore
{
    private const int BatchSize = 100;

    /// <summary>$1 from which id on, $2 tries, $3 age, $4 how many.</summary>
    private const string Missing = """
        SELECT generation_id, index FROM generation_images
        WHERE generation_id >= $1 AND status = 'succeeded' AND thumbnails_at IS NULL AND thumbnail_tries < $2 AND completed_at < now() - $3
            AND EXISTS (SELECT FROM generations WHERE id = generation_id AND hidden_at IS NULL)
        ORDER BY generation_id, index LIMIT $4
        """;

    /// <summary>Before it nothing can end any more, and what ended was old enough to be looked at. $1 age; a minute for clocks that differ.</summary>
    private const string Oldest = """
        SELECT least(
            (SELECT min(id::text) FROM generations WHERE due_at IS NOT NULL),
            lpad(to_hex((extract(epoch FROM now() - $1 - interval '1 minute') * 1000)::bigint), 12, '0') || repeat('0', 20))
        """;

    private Guid _from;

    public TimeSpan Interval => options.Value.SearchInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return 0;
        }

        var (total, failed) = (0, false);
        var next = await OldestAsync(connection, cancellationToken);
        for (var found = BatchSize; found == BatchSize && !failed;)
        {
            var missing = await MissingAsync(connection, cancellationToken);
            foreach (var (generationId, index) in missing)
            {
                var isMade = await thumbnails.MakeAsync(generationId, index, cancellationToken);
                total += isMade ? 1 : 0;
                failed |= !isMade;
            }

            found = missing.Count;
        }

        // What failed is found again, until it has no tries left.
        _from = failed ? _from : next;
        return total;
    }

    private async Task<Guid> OldestAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(Oldest, Value(options.Value.SearchAge));
        return Guid.Parse((string)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    private async Task<List<(Guid GenerationId, int Index)>> MissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.Statement(Missing, Value(_from), Value(options.Value.MaxTries), Value(options.Value.SearchAge), Value(BatchSize));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var missing = new List<(Guid, int)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            missing.Add((reader.GetGuid(0), reader.GetInt32(1)));
        }

        return missing;
    }
}
