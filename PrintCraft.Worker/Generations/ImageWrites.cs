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

/// <summary>
/// The worker's writes on a claimed generation, each one transaction: a worker whose claim was taken over writes nothing. The write that ends the last
/// image also settles the hold. The two that every job needs are written together with those of other jobs (<see cref="WriteGroup{TItem, TResult}"/>).
/// </summary>
internal sealed class ImageWrites
{
    private const int MaxTogether = 32;

    private readonly IServiceScopeFactory _scopes;
    private readonly NpgsqlDataSource _database;
    private readonly EventSignal _signal;
    private readonly GenerationMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly WriteGroup<Arrival, Adoption> _adoptions;
    private readonly WriteGroup<Finish, bool> _settlements;

    public ImageWrites(IServiceScopeFactory scopes, [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, EventSignal signal, GenerationMetrics metrics, TimeProvider time)
    {
        (_scopes, _database, _signal, _metrics, _time) = (scopes, database, signal, metrics, time);
        _adoptions = new(AdoptTogetherAsync, arrival => arrival.Work.Generation.Id, MaxTogether);
        _settlements = new(SettleTogetherAsync, finish => finish.Work.Generation.Id, MaxTogether);
    }

    /// <summary>Stores the provider's id for the attempt that asked, and tells what is known with it.</summary>
    public Task<Adoption> AdoptAsync(ImageWork work, string predictionId, bool hasOutput) =>
        _adoptions.WriteAsync(new Arrival(work, predictionId, hasOutput), CancellationToken.None);

    /// <summary>Moves the bar and tells of it.</summary>
    public async Task ReportAsync(ImageWork work, int progress, string type, CancellationToken cancellationToken)
    {
        if (await WriteAsync<bool>(work, ImageStatements.Report, cancellationToken, [.. Told(work, type, progress), Value(work.Claim.Token)]))
        {
            _signal.Send(work.Generation.UserId);
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
        await using var connection = await _database.OpenConnectionAsync(CancellationToken.None);
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
            }

            return ended;
        }
        finally
        {
            work.Run.Ending.Release();
        }
    }

    private async Task<bool> EndOneAsync(ImageWork work, ImageEnd end, CancellationToken cancellationToken)
    {
        var type = end.Status == ImageStatus.Succeeded ? "stored" : end.Status == ImageStatus.Canceled ? "image_canceled" : "image_failed";
        var ended = await WriteAsync<bool>(work, ImageStatements.End, cancellationToken, Ending(work, end, type));
        _signal.Send(work.Generation.UserId);
        return ended;
    }

    private async Task<bool> SettleAsync(ImageWork work, ImageEnd end, Settlement settlement, CancellationToken cancellationToken)
    {
        var finish = new Finish(work, end, settlement, _time.GetUtcNow());
        if (!work.Generation.UsesGrants || settlement.Refunded == 0)
        {
            return await _settlements.WriteAsync(finish, cancellationToken);
        }

        // Rare: part of the refund belongs to grants that expire.
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await SettleAsync(await db.OpenAsync(cancellationToken), [finish], cancellationToken) is not [true])
        {
            return false;
        }

        await db.GiveBackGrantsAsync(work.Generation, settlement.Refunded, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Tell(finish);
        _signal.Send(work.Generation.UserId);
        return true;
    }

    private async Task<IReadOnlyList<Adoption>> AdoptTogetherAsync(IReadOnlyList<Arrival> arrivals, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var batch = GenerationClaim.LockAll(connection, [.. arrivals.Select(arrival => arrival.Work.Generation)]).Then(
            ImageStatements.Adopt,
            Column(arrivals, arrival => arrival.Work.Generation.Id),
            Column(arrivals, arrival => arrival.Work.Image.Index),
            Column(arrivals, arrival => arrival.Work.Image.Attempt),
            Column(arrivals, arrival => arrival.Work.Image.Token),
            Column(arrivals, arrival => arrival.PredictionId),
            Column(arrivals, arrival => arrival.HasOutput ? 2 : 1),
            Column(arrivals, arrival => arrival.Mark(ProgressRules.Submitted)),
            Column(arrivals, arrival => arrival.Mark(arrival.HasOutput ? ProgressRules.Output : ProgressRules.Submitted)));
        await using var reader = await GenerationClaim.LastResultAsync(batch, cancellationToken);
        var adoptions = new List<Adoption>(arrivals.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            adoptions.Add(Enum.Parse<Adoption>(reader.GetString(0), ignoreCase: true));
        }

        _signal.Send(arrivals.Select(arrival => arrival.Work.Generation.UserId));
        return adoptions;
    }

    private async Task<IReadOnlyList<bool>> SettleTogetherAsync(IReadOnlyList<Finish> finishes, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var settled = await SettleAsync(connection, finishes, cancellationToken);
        foreach (var (finish, _) in finishes.Zip(settled).Where(one => one.Second))
        {
            Tell(finish);
        }

        _signal.Send(finishes.Select(finish => finish.Work.Generation.UserId));
        return settled;
    }

    private void Tell(Finish finish) => _metrics.Ended(finish.Settlement.Status, finish.Work.Generation.Style, finish.Now - finish.Work.Generation.CreatedAt);

    private static async Task<IReadOnlyList<bool>> SettleAsync(NpgsqlConnection connection, IReadOnlyList<Finish> finishes, CancellationToken cancellationToken)
    {
        await using var batch = GenerationClaim.LockAll(connection, [.. finishes.Select(finish => finish.Work.Generation)]).Then(
            ImageStatements.Settle,
            Text(Topology.FactsExchange),
            Text(Topology.GenerationFinishedKey),
            Column(finishes, finish => finish.Work.Generation.Id),
            Column(finishes, finish => finish.Work.Image.Index),
            Column(finishes, finish => finish.Work.Claim.Token),
            Column(finishes, finish => Name(finish.End.Status)),
            Column(finishes, finish => finish.End.ErrorCode),
            Column(finishes, finish => ProgressOf(finish.Work, finish.End)),
            Column(finishes, finish => finish.End.Result?.Image!.Key),
            Column(finishes, finish => finish.End.Result?.Image!.Sha256),
            Column(finishes, finish => finish.End.Result?.Image!.Bytes),
            Column(finishes, finish => finish.End.Result?.Width),
            Column(finishes, finish => finish.End.Result?.Height),
            Column(finishes, finish => Name(finish.Settlement.Status)),
            Column(finishes, finish => finish.Settlement.Charged),
            Column(finishes, finish => finish.Settlement.Refunded),
            Column(finishes, finish => finish.Settlement.ErrorCode),
            Column(finishes, finish => Guid.CreateVersion7(finish.Now)),
            Column(finishes, finish => Guid.CreateVersion7(finish.Now)),
            Column(finishes, finish => finish.Fact.Id),
            JsonColumn(finishes, finish => finish.Fact.Body));
        await using var reader = await GenerationClaim.LastResultAsync(batch, cancellationToken);
        var settled = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            settled.Add(reader.GetGuid(0));
        }

        return [.. finishes.Select(finish => settled.Contains(finish.Work.Generation.Id))];
    }

    private Task<T?> WriteAsync<T>(ImageWork work, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        GenerationClaim.WriteAsync<T>(_database, work.Generation.Id, statement, cancellationToken, parameters);

    private static NpgsqlParameter[] Told(ImageWork work, string type, int progress) =>
        [Value(work.Generation.Id), Value(work.Image.Index), Text(type), Value(progress)];

    private static NpgsqlParameter[] Ending(ImageWork work, ImageEnd end, string type) =>
    [
        .. Told(work, type, ProgressOf(work, end)),
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

    /// <summary>A prediction's id for an image.</summary>
    private sealed record Arrival(ImageWork Work, string PredictionId, bool HasOutput)
    {
        /// <summary>An image that was further in an earlier attempt does not go back.</summary>
        public int Mark(int progress) => Math.Max(progress, Work.Image.Progress);
    }

    /// <summary>The last image of a job, and the job's end.</summary>
    private sealed record Finish(ImageWork Work, ImageEnd End, Settlement Settlement, DateTimeOffset Now)
    {
        public OutboxMessage Fact { get; } =
            OutboxMessage.Fact(new GenerationFinished(Work.Generation.Id, Work.Generation.UserId, Name(Settlement.Status)), Work.Generation.TraceParent, Now);
    }
}
