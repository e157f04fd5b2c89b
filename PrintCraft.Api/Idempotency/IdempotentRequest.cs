using System.Security.Cryptography;
using System.Text.Json;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.Idempotency;

/// <summary>
/// Runs the work of a POST once per <c>Idempotency-Key</c> (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/): the first
/// answer is stored in the transaction of the work and replayed for a day to the same user, method and path. Another body with the same key is 422.
/// A twin in flight waits for the first, for a while, then is told 409. A crash before the commit leaves neither key nor work.
/// </summary>
public sealed class IdempotentRequest(IHttpContextAccessor accessor, CurrentUser user, PrintCraftDb db, IOptions<JsonOptions> json)
{
    private const string Header = "Idempotency-Key";
    private const int MaxKeyLength = 255;

    /// <summary>A key that is a day old counts as never seen: its row is taken over.</summary>
    private const string TakeKey = """
        INSERT INTO idempotency_keys (user_id, route, key, fingerprint, created_at) VALUES ($1, $2, $3, $4, now())
        ON CONFLICT (user_id, route, key) DO UPDATE SET fingerprint = excluded.fingerprint, status = NULL, location = NULL, body = NULL, created_at = now()
            WHERE idempotency_keys.created_at < now() - $5
        RETURNING 1
        """;

    /// <summary>
    /// Runs <paramref name="work"/> once, in a transaction that also holds the key; without the header, in whatever transaction it makes itself.
    /// What it answers is stored if it is final; else everything is taken back, the key too.
    /// </summary>
    /// <param name="request">What was asked, for the fingerprint.</param>
    /// <param name="work">Must not commit, and answers what to send.</param>
    public async Task<Answer> RunAsync<TRequest>(TRequest request, Func<CancellationToken, Task<Answer>> work, CancellationToken cancellationToken)
    {
        var http = accessor.HttpContext!.Request;
        if (!http.Headers.TryGetValue(Header, out var values))
        {
            return await work(cancellationToken);
        }

        if (values.Count != 1 || !TryReadKey(values.ToString(), out var key))
        {
            return Answer.Refusal(ProblemCode.InvalidRequest, $"{Header} must be 1 to {MaxKeyLength} visible ASCII characters, quoted or not.", [new(Header, "is not a valid key")]);
        }

        var route = $"{http.Method} {http.Path}";
        var fingerprint = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, json.Value.SerializerOptions));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var connection = await db.OpenAsync(cancellationToken);
        try
        {
            await using var take = connection.Statement(TakeKey, Value(user.Id), Text(route), Text(key), Value(fingerprint), Value(IdempotencyKey.Lifetime));
            if (await take.ExecuteScalarAsync(cancellationToken) is null)
            {
                await transaction.RollbackAsync(cancellationToken);
                return await ReplayAsync(connection, route, key, fingerprint, cancellationToken);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return Answer.Refusal(ProblemCode.IdempotencyKeyInUse);
        }

        var answer = await work(cancellationToken);
        if (!answer.IsFinal)
        {
            return answer;
        }

        await using var store = connection.Statement(
            "UPDATE idempotency_keys SET status = $4, location = $5, body = $6 WHERE user_id = $1 AND route = $2 AND key = $3",
            Value(user.Id), Text(route), Text(key), Value(answer.Status), Text(answer.Location), Text(answer.Body));
        await store.ExecuteNonQueryAsync(cancellationToken);
        Failpoint.Reach("A2");
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>A structured-field string (RFC 9651, 3.3.3), or the bare characters.</summary>
    internal static bool TryReadKey(string value, out string key)
    {
        key = value is ['"', .. var inner, '"'] ? inner : value;
        return key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~' and not ('"' or '\\'));
    }

    private async Task<Answer> ReplayAsync(NpgsqlConnection connection, string route, string key, byte[] fingerprint, CancellationToken cancellationToken)
    {
        await using var find = connection.Statement(
            "SELECT fingerprint, status, location, body FROM idempotency_keys WHERE user_id = $1 AND route = $2 AND key = $3", Value(user.Id), Text(route), Text(key));
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            // Its transaction was rolled back between our two looks: the caller may try at once.
            return Answer.Refusal(ProblemCode.IdempotencyKeyInUse);
        }

        return reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(fingerprint)
            ? new Answer(reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(3)) { IsReplay = true }
            : Answer.Refusal(ProblemCode.IdempotencyKeyReused);
    }
}
