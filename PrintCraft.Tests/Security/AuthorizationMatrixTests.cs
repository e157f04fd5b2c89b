using System.Net;
using System.Net.Http.Headers;
using System.Text;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Security;

/// <summary>Who gets nowhere, on every operation of the document (OWASP API1, API2, API5).</summary>
[Collection(nameof(SecurityScenario))]
public sealed class AuthorizationMatrixTests(SecurityScenario fixture)
{
    /// <summary>What strangers may call; everything else is refused without a credential.</summary>
    private static readonly string[] Open =
    [
        "GET /images/{key}",
        "POST /api/v1/auth/login",
        "POST /api/v1/auth/password-reset",
        "POST /api/v1/auth/password-reset/confirm",
        "POST /api/v1/auth/refresh",
        "POST /api/v1/auth/register",
        "POST /api/v1/auth/verify-email",
        "POST /api/v1/auth/verify-email/resend",
        "PUT /uploads/{id}",
    ];

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task Without_a_credential_or_with_one_that_is_none_every_operation_is_refused()
    {
        using var http = new HttpClient { BaseAddress = _scenario.Api.Address };
        var operations = await Operation.ReadAllAsync(http);
        var user = _scenario.NewUser();
        (string Header, string Value, string Code)[] credentials =
        [
            ("Authorization", "", "missing_token"),
            ("Authorization", "Basic YWRtaW46YWRtaW4=", "missing_token"),
            ("Authorization", "Bearer x", "invalid_token"),
            ("Authorization", $"Bearer {user.Credential}0", "invalid_token"),
            ("Authorization", $"Bearer pcdev_admin.{new string('0', 64)}", "invalid_token"),
            ("Authorization", "Bearer pck_0123456789abcdef0123456789abcdef", "invalid_token"),
            ("Authorization", "Bearer pca_0123456789abcdef", "invalid_token"),
            ("X-API-Key", "pck_0123456789abcdef", "invalid_token"),
            ("Cookie", $"access_token={user.Credential}", "missing_token"),
        ];

        foreach (var operation in operations.Where(operation => !Open.Contains($"{operation}")))
        {
            foreach (var (header, value, code) in credentials)
            {
                using var request = operation.Request($"{Guid.CreateVersion7()}");
                request.RequestUri = new Uri($"{request.RequestUri}?access_token={user.Credential}&token={user.Credential}", UriKind.Relative);
                request.Headers.TryAddWithoutValidation(header, value);
                using var answer = await http.SendAsync(request);

                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{operation} with {header}: {value} answers {answer.StatusCode}");
                await answer.ProblemAsync(HttpStatusCode.Unauthorized, code);
                Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("somebody")]
    [InlineData("creator")]
    public async Task Who_is_no_administrator_gets_nowhere_in_administration(string role)
    {
        var user = role == "somebody" ? _scenario.NewUser() : _scenario.User(role);
        var administration = (await Operation.ReadAllAsync(user.Http)).Where(operation => operation.IsAdministration).ToList();
        Assert.True(administration.Count >= 5, "the document has lost its administration");

        foreach (var operation in administration)
        {
            using var request = operation.Request($"{user.Id}");
            request.Content = BodyOf(operation);
            using var answer = await user.Http.SendAsync(request);

            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{operation} answers {answer.StatusCode}");
            await answer.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task An_id_of_somebody_else_is_answered_as_one_that_does_not_exist()
    {
        var (owner, stranger) = (_scenario.NewUser(), _scenario.NewUser());
        // Both are known.
        await owner.Api.GetCreditsAsync(CancellationToken.None);
        await stranger.Api.GetCreditsAsync(CancellationToken.None);
        var withId = (await Operation.ReadAllAsync(owner.Http)).Where(operation => operation.Path.Contains("{id}", StringComparison.Ordinal) && !operation.IsAdministration).ToList();
        Assert.True(withId.Count >= 5, "the document has lost its routes");

        foreach (var operation in withId)
        {
            var foreign = await AskAsync(stranger, operation, await fixture.OwnIdAsync(owner, operation));
            var unknown = await AskAsync(stranger, operation, $"{Guid.CreateVersion7()}");

            Assert.Equal(foreign with { TraceId = null, Error = foreign.Error with { Details = [] } }, unknown with { TraceId = null, Error = foreign.Error with { Details = [] } });
            Assert.Equal((foreign.Error.Code, foreign.Error.Message), (unknown.Error.Code, unknown.Error.Message));
        }
    }

    [Fact]
    public async Task No_list_and_no_feed_shows_anything_of_somebody_else()
    {
        var (owner, stranger) = (_scenario.NewUser(), _scenario.NewUser());
        var operations = await Operation.ReadAllAsync(owner.Http);
        var ids = new List<string> { $"{owner.Id}" };
        foreach (var one in operations.Where(operation => operation.Path.EndsWith("/{id}", StringComparison.Ordinal) && !operation.IsAdministration).DistinctBy(operation => operation.Path))
        {
            ids.Add(await fixture.OwnIdAsync(owner, one));
        }

        var lists = operations.Where(operation => operation is { Method: "GET", IsAdministration: false, IsStream: false } && !operation.Path.Contains('{')).ToList();
        Assert.True(lists.Count >= 3, "the document has lost its lists");
        foreach (var list in lists)
        {
            using var answer = await stranger.Http.SendAsync(list.Request());
            var text = await answer.Content.ReadAsStringAsync();

            Assert.True(answer.IsSuccessStatusCode, $"{list}: {text}");
            Assert.All(ids, id => Assert.DoesNotContain(id, text, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static async Task<Problem> AskAsync(TestUser user, Operation operation, string id)
    {
        using var request = operation.Request(id);
        request.Content = BodyOf(operation);
        // Whatever version it has.
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using var answer = await user.Http.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{operation} answers {answer.StatusCode}");
        return await answer.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    private static StringContent? BodyOf(Operation operation) =>
        operation.BodySchema is null ? null : new StringContent(Samples.Valid(new Random(1), operation)?.ToJsonString() ?? "{}", Encoding.UTF8, "application/json");
}
