using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Api.ApiKeys;

/// <summary>Takes API keys. A key can do what it was made for, as far as its user's role still allows that.</summary>
internal sealed class ApiKeys(IServiceScopeFactory scopes, IOptions<ApiKeyOptions> options, TimeProvider time)
{
    /// <summary>
    /// $1 hash, $2 time, $3 how exactly the last use is kept. Found by its hash alone: to learn a key from how long that takes, one would have to
    /// choose hashes. A use that cannot be written down now, because the row is being changed, is not worth waiting for.
    /// </summary>
    private const string Take = """
        WITH good AS (
            SELECT api_keys.id, user_id, scopes, expires_at, role, last_used_at FROM api_keys JOIN users ON users.id = user_id
            WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) AND disabled_at IS NULL),
        idle AS (SELECT id FROM api_keys WHERE id = (SELECT id FROM good WHERE last_used_at IS NULL OR last_used_at <= $2 - $3) FOR NO KEY UPDATE SKIP LOCKED),
        used AS (UPDATE api_keys SET last_used_at = $2 FROM idle WHERE api_keys.id = idle.id)
        SELECT id, user_id, scopes, expires_at, role FROM good
        """;

    public async Task<Recognition> RecogniseAsync(string credential, CancellationToken cancellationToken)
    {
        if (!ApiKeySecret.IsKey(credential))
        {
            return Recognition.Refused;
        }

        await using var scope = scopes.CreateAsyncScope();
        var connection = await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().OpenAsync(cancellationToken);
        await using var command = connection.Statement(Take, Value(ApiKeySecret.HashOf(credential)), Value(time.GetUtcNow()), Value(options.Value.UseInterval));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return Recognition.Refused;
        }

        var role = reader.GetString(4);
        List<string> granted = [.. reader.GetFieldValue<string[]>(2).Intersect(Roles.ScopesOf(role))];
        var caller = new Caller(reader.GetGuid(1), CredentialKind.ApiKey, role, granted, reader.GetGuid(0));
        return new Recognition(caller, reader.IsDBNull(3) ? DateTimeOffset.MaxValue : reader.GetFieldValue<DateTimeOffset>(3));
    }
}
