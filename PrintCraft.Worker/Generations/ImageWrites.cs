using System.Globalization;

using Npgsql;

using NpgsqlTypes;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;
using PrintCraft.Worker.Messaging;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Generations;

/// <summary>How an image ended.</summary>
internal sealed record ImageEnd(ImageStatus Status, string? ErrorCode, FetchResult? Result)
{
    public static ImageEnd Stored(FetchResult result) => new(ImageStatus.Succeeded, null, result);

    public static ImageEnd Failed(string code) => new(ImageStatus.Failed, code, null);

    public static readonly ImageEnd Canceled = new(ImageStatus.Canceled, null, null);
}

/// <summary>What became of a prediction's id when it was to be stored.</summary>
internal enum Adoption
{
    Adopted,
    Orphan,
    Taken,
}

/// <summary>
/// The worker's writes on a claimed generation, each one round trip and one transaction: a worker whose claim was taken over writes nothing.
/// The write that ends the last image also settles the hold.
/// </summary>
internal sealed class ImageWrites(IServiceScopeFactory scopes, EventSignal signal, TimeProvider time)
{
    /// <summary>Stores the provider's id for the attempt that asked, and tells what is known with it.</summary>
    public async Task<Adoption> AdoptAsync(ImageWork work, string predictionId, bool hasOutput)
    {
        string[] types = hasOutput ? ["submitted", "output"] : ["submitted"];
        int[] progress = hasOutput ? [ProgressRules.Submitted, ProgressRules.Output] : [ProgressRules.Submitted];
        var adoption = await WriteAsync<string>(
            work,
            ImageStatements.Adopt,
            CancellationToken.None,
            [.. Told(work, types, progress), Value(work.Image.Attempt), Text(work.Image.Token), Text(predictionId)]);
        signal.Send(work.Generation.UserId);
        return Enum.Parse<Adoption>(adoption!, ignoreCase: true);
    }

    /// <summary>Moves the bar and tells of it.</summary>
    public async Task ReportAsync(ImageWork work, int progress, string type, CancellationToken cancellationToken)
    {
        if (await WriteAsync<bool>(work, ImageStatements.Report, cancellationToken, [.. Told(work, [type], [progress]), Value(work.Claim.Token)]))
        {
            signal.Send(work.Generation.UserId);
        }
    }

    /// <summary>To be submitted again after <paramref name="wait"/>; the attempt counts.</summary>
    public Task<bool> SubmitAgainAsync(ImageWork work, TimeSpan wait, bool wasUnknown, CancellationToken cancellationToken) =>
        WriteAsync<bool>(
            work,
            ImageStatements.SubmitAgain,
            cancellationToken,
            Value(work.Generation.Id), Value(work.Image.Index), Value(work.Claim.Token), Value(wait), Value(wasUnknown ? 1 : 0));

    /// <summary>The provider did not take it: back to pending, and the attempt does not count. Needs no claim, only the attempt's own token.</summary>
    public async Task NotTakenAsync(ImageWork work, TimeSpan wait)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(CancellationToken.None);
        await using var command = connection.Statement(
            """
            UPDATE generation_images
            SET status = 'pending', attempt = attempt - 1, refusals = refusals + 1, token = NULL, submit_intent_at = NULL, not_before = now() + $5
            WHERE generation_id = $1 AND index = $2 AND status = 'submitting' AND attempt = $3 AND token = $4
            """,
            Value(work.Generation.Id), Value(work.Image.Index), Value(work.Image.Attempt), Text(work.Image.Token), Value(wait));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Ends an image, and with the last one the job. False when the claim was lost: then nothing was written.</summary>
    public async Task<bool> EndAsync(ImageWork work, ImageEnd end, CancellationToken cancellationToken)
    {
        await work.Run.Ending.WaitAsync(cancellationToken);
        try
        {
            var settlement = work.Run.SettlementWith(work.Image.Index, end.Status, end.ErrorCode);
            Failpoint.Reach("W9");
            var ended = settlement is null ? await EndOneAsync(work, end, cancellationToken) : await SettleAsync(work, end, settlement, cancellationToken);
            if (ended)
            {
                Failpoint.Reach("W10");
                work.Run.Ended(work.Image.Index, end.Status, end.ErrorCode, settlement is not null);
                signal.Send(work.Generation.UserId);
            }

            return ended;
        }
        finally
        {
            work.Run.Ending.Release();
        }
    }

    private Task<bool> EndOneAsync(ImageWork work, ImageEnd end, CancellationToken cancellationToken)
    {
        var type = end.Status == ImageStatus.Succeeded ? "stored" : end.Status == ImageStatus.Canceled ? "image_canceled" : "image_failed";
        return WriteAsync<bool>(work, ImageStatements.End, cancellationToken, Ending(work, end, [type], [ProgressOf(work, end)]));
    }

    private async Task<bool> SettleAsync(ImageWork work, ImageEnd end, Settlement settlement, CancellationToken cancellationToken)
    {
        var (generation, now) = (work.Generation, time.GetUtcNow());
        var status = Name(settlement.Status);
        string[] types = end.Status == ImageStatus.Succeeded ? ["stored", status] : [status];
        int[] progress = end.Status == ImageStatus.Succeeded ? [ProgressRules.Stored, ProgressRules.Stored] : [ProgressOf(work, end)];
        var fact = OutboxMessage.Fact(new GenerationFinished(generation.Id, generation.UserId, status), generation.TraceParent, now);
        NpgsqlParameter[] parameters =
        [
            .. Ending(work, end, types, progress),
            Text(status),
            Value(settlement.Charged),
            Value(settlement.Refunded),
            Text(settlement.ErrorCode),
            Value(Guid.CreateVersion7(now)),
            Value(Guid.CreateVersion7(now)),
            Value(fact.Id),
            Text(fact.Exchange),
            Text(fact.RoutingKey),
            Json(fact.Body),
        ];
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        if (!generation.UsesGrants || settlement.Refunded == 0)
        {
            return await GenerationClaim.WriteAsync<bool>(db, generation.Id, ImageStatements.Settle, cancellationToken, parameters);
        }

        // Rare: part of the refund belongs to grants that expire.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var settled = await GenerationClaim.WriteAsync<bool>(db, generation.Id, ImageStatements.Settle, cancellationToken, parameters);
        if (settled)
        {
            await db.GiveBackGrantsAsync(generation, settlement.Refunded, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return settled;
    }

    private async Task<T?> WriteAsync<T>(ImageWork work, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await GenerationClaim.WriteAsync<T>(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), work.Generation.Id, statement, cancellationToken, parameters);
    }

    private static NpgsqlParameter[] Told(ImageWork work, string[] types, int[] progress) =>
        [Value(work.Generation.Id), Value(work.Image.Index), Value(types), Value(progress)];

    private static NpgsqlParameter[] Ending(ImageWork work, ImageEnd end, string[] types, int[] progress) =>
    [
        .. Told(work, types, progress),
        Value(work.Claim.Token),
        Text(Name(end.Status)),
        Text(end.ErrorCode),
        Text(end.Result?.Image!.Key),
        Text(end.Result?.Image!.Sha256),
        Number(NpgsqlDbType.Bigint, end.Result?.Image!.Bytes),
        Number(NpgsqlDbType.Integer, end.Result?.Width),
        Number(NpgsqlDbType.Integer, end.Result?.Height),
    ];

    /// <summary>An image that comes to nothing does not move the bar.</summary>
    private static int ProgressOf(ImageWork work, ImageEnd end) => end.Status == ImageStatus.Succeeded ? ProgressRules.Stored : work.Image.Progress;

    private static string Name<T>(T status)
        where T : struct, Enum => status.ToString().ToLower(CultureInfo.InvariantCulture);

    private static NpgsqlParameter Number(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
