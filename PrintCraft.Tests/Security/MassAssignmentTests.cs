using System.Net;
using System.Text;
using System.Text.Json.Nodes;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Security;

/// <summary>No body sets what is not the caller's to set (OWASP API3): members that a request does not have are refused, not overlooked.</summary>
[Collection(nameof(SecurityScenario))]
public sealed class MassAssignmentTests(SecurityScenario fixture)
{
    private static readonly (string Name, JsonNode Value)[] Wishes =
    [
        ("credits", 1_000_000), ("available", 1_000_000), ("ownerId", $"{Guid.Empty}"), ("userId", $"{Guid.Empty}"), ("role", "admin"), ("roles", new JsonArray("admin")),
        ("status", "succeeded"), ("price", 0), ("creditsPerImage", 0), ("isAdmin", true), ("emailVerified", true), ("passwordHash", "x"), ("disabledAt", "2026-01-01T00:00:00Z"),
        ("__proto__", new JsonObject()), ("constructor", new JsonObject()),
    ];

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_member_that_a_request_does_not_have_is_refused_by_name_and_nothing_is_stored()
    {
        var (user, admin) = (_scenario.NewUser(), _scenario.User("admin"));
        var operations = (await Operation.ReadAllAsync(user.Http)).Where(operation => operation.BodySchema is not null).ToList();
        Assert.True(operations.Count >= 4, "the document has lost its bodies");
        // Its first request makes it known.
        await user.Api.GetCreditsAsync(CancellationToken.None);
        var before = await StoredAsync(user);

        foreach (var operation in operations)
        {
            foreach (var (path, body) in Wished(operation))
            {
                using var request = operation.Request($"{user.Id}");
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await (operation.IsAdministration ? admin : user).Http.SendAsync(request);

                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{operation} with {body.ToJsonString()} answers {answer.StatusCode}");
                var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
                Assert.Contains(problem.Error.Details, detail => detail.Field == path && detail.Message == "is not a member of this request");
            }
        }

        Assert.Equal("user|False||50|0|0|0", before);
        Assert.Equal(before, await StoredAsync(user));
    }

    /// <summary>A valid body with one wish in it, at its root or in one of its objects.</summary>
    private static IEnumerable<(string Path, JsonNode Body)> Wished(Operation operation)
    {
        foreach (var (name, value) in Wishes)
        {
            var body = Samples.Valid(new Random(1), operation)!.AsObject();
            foreach (var target in body.Where(member => member.Value is JsonObject).Select(member => member.Key).Prepend(null))
            {
                var wished = body.DeepClone().AsObject();
                var inner = target is null ? wished : wished[target]!.AsObject();
                if (!inner.ContainsKey(name) && !Has(operation, target, name))
                {
                    inner[name] = value.DeepClone();
                    yield return (target is null ? name : $"{target}.{name}", wished);
                }
            }
        }
    }

    private static bool Has(Operation operation, string? target, string name)
    {
        var schema = operation.Resolve(operation.BodySchema!.Value);
        if (target is not null)
        {
            schema = operation.Resolve(schema.GetProperty("properties").GetProperty(target));
            schema = schema.TryGetProperty("oneOf", out var choices) ? operation.Resolve(choices.EnumerateArray().Last()) : schema;
        }

        return schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);
    }

    private async Task<string> StoredAsync(TestUser user) => string.Join('\n', await _scenario.Sql.ListAsync(
        """
        SELECT role, email_verified, disabled_at, available, held, (SELECT count(*) FROM generations WHERE user_id = users.id), (SELECT count(*) FROM api_keys WHERE user_id = users.id)
        FROM users JOIN accounts ON user_id = users.id WHERE users.id = $1
        """,
        user.Id));
}
