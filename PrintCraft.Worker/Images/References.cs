using NetVips;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Images;

/// <summary>
/// The picture that a generation starts from, as Replicate is sent it: a data URL, which needs neither an address of ours that the world can reach nor a call
/// more that may fail. Made of the upload at each submission, and the same each time, so there is nothing to keep or to lose.
/// </summary>
internal sealed class References([FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, ImageStore store, Pictures pictures)
{
    /// <summary>An upload stays as long as a generation that is not final needs it.</summary>
    private const string KeyOf = "SELECT storage_key FROM uploads WHERE id = $1 AND user_id = $2 AND status = 'ready'";

    /// <summary>Null when there is none: the upload is gone, or cannot be made small enough.</summary>
    public async Task<string?> DataUrlAsync(Generation generation, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Statement(KeyOf, Value(generation.ReferenceId!.Value), Value(generation.UserId));
        if (await command.ExecuteScalarAsync(cancellationToken) is not string key || store.Find(key) is not { } path)
        {
            return null;
        }

        try
        {
            var jpeg = await pictures.ReferenceAsync(path, generation.Width, generation.Height, cancellationToken);
            return jpeg is null ? null : $"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}";
        }
        catch (Exception exception) when (exception is VipsException or IOException)
        {
            return null;
        }
    }
}
