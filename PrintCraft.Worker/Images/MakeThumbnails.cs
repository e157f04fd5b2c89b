using System.Threading.Channels;

using Microsoft.Extensions.Options;

using NetVips;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;
using PrintCraft.Worker.Telemetry;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Images;

/// <summary>
/// Makes the thumbnails of images that this worker stored, one after the other, behind the work: no job waits for them, and their thread gives way to
/// every other. What is lost with the process is found again by <see cref="FindThumbnails"/>.
/// </summary>
internal sealed partial class MakeThumbnails(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, ImageStore store, IOptions<ThumbnailOptions> options, ILogger<MakeThumbnails> logger) : BackgroundService
{
    /// <summary>More than that wait for <see cref="FindThumbnails"/>.</summary>
    private const int Capacity = 10_000;

    /// <summary>Counted before it is begun, so that a picture that ends its process ends it so many times and no more. $3 how many times.</summary>
    private const string Begin = """
        UPDATE generation_images SET thumbnail_tries = thumbnail_tries + 1
        FROM generations
        WHERE generation_id = $1 AND index = $2 AND generation_images.status = 'succeeded' AND thumbnails_at IS NULL AND thumbnail_tries < $3
            AND generations.id = $1 AND hidden_at IS NULL
        RETURNING storage_key
        """;

    /// <summary>Whoever deletes the generation waits, and then removes these files too.</summary>
    private const string KeepFromDeletion = "SELECT 1 FROM generations WHERE id = $1 AND hidden_at IS NULL FOR SHARE";

    private const string Made = "UPDATE generation_images SET thumbnails_at = now() WHERE generation_id = $1 AND index = $2 AND thumbnails_at IS NULL";

    private readonly Channel<(Guid GenerationId, int Index)> _queue = Channel.CreateBounded<(Guid, int)>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>After the commit that stored the image.</summary>
    public void Enqueue(Guid generationId, int index)
    {
        if (options.Value.Enabled)
        {
            _queue.Writer.TryWrite((generationId, index));
        }
    }

    /// <summary>False when there was nothing to do, or it came to nothing: then it is tried again later, up to the limit.</summary>
    public async Task<bool> MakeAsync(Guid generationId, int index, CancellationToken cancellationToken)
    {
        using var quiet = Polling.WithoutSpans();
        if (await BeginAsync(generationId, index, cancellationToken) is not { } key || store.Find(key) is not { } path)
        {
            return false;
        }

        try
        {
            var made = await Pictures.ThumbnailsAsync(path, cancellationToken);
            return await KeepAsync(generationId, index, key, made, cancellationToken);
        }
        catch (Exception exception) when (exception is VipsException or IOException)
        {
            NotMade(logger, index, generationId, exception.Message.Split('\n')[0]);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (generationId, index) in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await MakeAsync(generationId, index, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: the database is away, or the library is missing.
                NotMade(logger, index, generationId, exception.GetBaseException().Message);
            }
        }
    }

    private async Task<string?> BeginAsync(Guid generationId, int index, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(Begin, Value(generationId), Value(index), Value(options.Value.MaxTries));
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    /// <summary>A crash before the commit leaves two files that the next try writes again, and that go with the generation.</summary>
    private async Task<bool> KeepAsync(Guid generationId, int index, string key, Thumbnails made, CancellationToken cancellationToken)
    {
        var (thumbnail, preview) = (store.Stage(made.Thumbnail), store.Stage(made.Preview));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var keep = connection.Statement(KeepFromDeletion, Value(generationId));
        if (await keep.ExecuteScalarAsync(cancellationToken) is null)
        {
            // Deleted meanwhile; the sweeper takes what was staged.
            return false;
        }

        store.Publish(thumbnail, PictureKeys.Thumbnail(key));
        store.Publish(preview, PictureKeys.Preview(key));
        await using var write = connection.Statement(Made, Value(generationId), Value(index));
        await write.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "The thumbnail of image {Index} of generation {GenerationId} was not made: {Reason}")]
    private static partial void NotMade(ILogger logger, int index, Guid generationId, string reason);
}
