using System.Security.Cryptography;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Security;

/// <summary>One API with room for all that tests send it, and no worker.</summary>
public sealed class SecurityScenario : QuietScenario
{
    public const string SigningKey = "the key by which this test signs images";

    protected override ScenarioPlan Plan => new()
    {
        Workers = 0,
        Settings = new Dictionary<string, string?>
        {
            ["Generations__QueueGrace"] = "01:00:00",
            ["Generations__Deadline"] = "02:00:00",
            ["Generations__MaxBacklog"] = "1000000",
            ["RateLimits__AuthFailures"] = "0",
            ["RateLimits__StreamsPerUser"] = "1000",
            ["Images__SigningKey"] = SigningKey,
            ["Images__UrlLifetime"] = "00:15:00",
        },
    };

    /// <summary>
    /// Something of the user's own under the id of that path. A path that is not known here fails: whoever adds one says what it is about.
    /// </summary>
    internal async Task<string> OwnIdAsync(TestUser user, Operation operation)
    {
        var noun = operation.Path.Replace("/api/v1/", "/", StringComparison.Ordinal)[1..].Split("/{id}")[0];
        var id = Guid.CreateVersion7();
        switch (noun)
        {
            case "generations":
                return $"{await Scenario.OrderAsync(user)}";
            case "users":
                return $"{user.Id}";
            case "api-keys":
                await Scenario.Sql.ExecuteAsync(
                    "INSERT INTO api_keys (id, user_id, name, prefix, hash, scopes, created_at) VALUES ($1, $2, 'theirs', 'pck_12345678', $3, '{read}', now())", id, user.Id, SHA256.HashData(id.ToByteArray()));
                return $"{id}";
            case "uploads":
                // Its first request makes it known.
                await user.Api.GetCreditsAsync(CancellationToken.None);
                await Scenario.Sql.ExecuteAsync(
                    "INSERT INTO uploads (id, user_id, status, content_type, bytes, created_at, expires_at) VALUES ($1, $2, 'waiting', 'image/png', 100, now(), now() + interval '1 day')", id, user.Id);
                return $"{id}";
            case "auth/sessions":
                await Scenario.Sql.ExecuteAsync(
                    "INSERT INTO sessions (id, user_id, refresh_hash, device, created_at, used_at, expires_at) VALUES ($1, $2, $3, 'theirs', now(), now(), now() + interval '1 day')",
                    id, user.Id, SHA256.HashData(id.ToByteArray()));
                return $"{id}";
            default:
                throw new InvalidOperationException($"What is the id of {operation}? Say it here, so that the tests of foreign ids know it.");
        }
    }
}

/// <summary>Tests that send one API everything: one after the other.</summary>
[CollectionDefinition(nameof(SecurityScenario))]
public sealed class SecurityTests : ICollectionFixture<SecurityScenario>;
