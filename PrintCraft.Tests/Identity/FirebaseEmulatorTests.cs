using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using static PrintCraft.Tests.Identity.FirebaseSigner;

namespace PrintCraft.Tests.Identity;

/// <summary>Google's Auth emulator as the AppHost starts it, and the API behind it: from signing up to an image.</summary>
public sealed class FirebaseEmulatorTests : IAsyncLifetime
{
    private PrintCraftApp _app = null!;
    private FirebaseAccounts _firebase = null!;

    public async Task InitializeAsync()
    {
        if (FirebaseFactAttribute.IsPossible)
        {
            _app = await PrintCraftApp.GetAsync();
            _firebase = await FirebaseAccounts.OpenAsync(_app);
        }
    }

    public Task DisposeAsync()
    {
        _firebase?.Dispose();
        return Task.CompletedTask;
    }

    [FirebaseFact]
    public async Task Who_signs_up_and_verifies_his_address_gets_credits_and_an_image()
    {
        var email = FirebaseAccounts.NewAddress();
        var account = await _firebase.SignUpAsync(email, "Ada");
        using (var unverified = Http(account.IdToken))
        using (var refused = await OrderAsync(unverified))
        {
            await refused.ProblemAsync(HttpStatusCode.PaymentRequired, "insufficient_credits");
        }

        await _firebase.ChangeAsync(account.LocalId, "emailVerified", true);
        using var http = Http(await _firebase.RefreshAsync(account.RefreshToken));
        using var accepted = await OrderAsync(http);

        Assert.True(accepted.StatusCode == HttpStatusCode.Created, await accepted.Content.ReadAsStringAsync());
        var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var user = new TestUser(Guid.Empty, "", http, Refit.RestService.For<IPrintCraftApi>(http, PrintCraftClient.Settings));
        Assert.Equal(GenerationStatus.Succeeded, (await _app.WaitUntilFinalAsync(user, id)).Status);
        using var again = Http((await _firebase.SignInAsync(email)).IdToken);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again, $"/api/v1/generations/{id}"));
        using var stranger = Http((await _firebase.SignUpAsync(FirebaseAccounts.NewAddress())).IdToken);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(stranger, $"/api/v1/generations/{id}"));
    }

    [FirebaseFact]
    public async Task Somebody_anonymous_is_a_caller_without_credits()
    {
        using var http = Http((await _firebase.SignUpAnonymouslyAsync()).IdToken);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/api/v1/generations"));
        using var refused = await OrderAsync(http);
        await refused.ProblemAsync(HttpStatusCode.PaymentRequired, "insufficient_credits");
    }

    [FirebaseFact]
    public async Task A_role_counts_with_the_next_question_for_it_given_and_taken()
    {
        var account = await _firebase.SignUpAsync(FirebaseAccounts.NewAddress());
        Assert.Equal(HttpStatusCode.Forbidden, await AdminStatusAsync(account.IdToken));

        await _firebase.ChangeAsync(account.LocalId, "customAttributes", """{"role":"admin"}""");
        var asAdmin = await _firebase.RefreshAsync(account.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, await AdminStatusAsync(asAdmin));

        // A token that still says admin, and that nobody has seen yet.
        await _firebase.ChangeAsync(account.LocalId, "displayName", "Still admin");
        var later = await _firebase.RefreshAsync(account.RefreshToken);
        await _firebase.ChangeAsync(account.LocalId, "customAttributes", """{"role":"user"}""");
        Assert.NotEqual(asAdmin, later);
        Assert.Equal(HttpStatusCode.Forbidden, await AdminStatusAsync(later));
    }

    [FirebaseFact]
    public async Task Who_is_disabled_is_refused_with_a_token_from_before()
    {
        var account = await _firebase.SignUpAsync(FirebaseAccounts.NewAddress());

        await _firebase.ChangeAsync(account.LocalId, "disableUser", true);

        await RefusedAsync(account.IdToken);
    }

    [FirebaseFact]
    public async Task Who_is_gone_is_refused_with_a_token_from_before()
    {
        var account = await _firebase.SignUpAsync(FirebaseAccounts.NewAddress());

        await _firebase.DeleteAsync(account.LocalId);

        await RefusedAsync(account.IdToken);
    }

    [FirebaseFact]
    public async Task A_revoked_sign_in_is_refused_and_a_new_one_is_not()
    {
        var email = FirebaseAccounts.NewAddress();
        var account = await _firebase.SignUpAsync(email);

        await _firebase.ChangeAsync(account.LocalId, "validSince", $"{Seconds(1)}");

        await RefusedAsync(account.IdToken);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var http = Http((await _firebase.SignInAsync(email)).IdToken);
                return await StatusAsync(http, "/api/v1/credits") == HttpStatusCode.OK;
            },
            () => "a token of the seconds after the revocation to be taken",
            TimeSpan.FromSeconds(10));
    }

    [FirebaseFact]
    public async Task Without_signatures_the_rest_of_a_token_still_counts()
    {
        var account = await _firebase.SignUpAsync(FirebaseAccounts.NewAddress());
        // Issued after the account was made: an older token counts as revoked.
        var payload = With(With(With(Payload(account.LocalId), "aud", "demo-printcraft"), "iss", "https://securetoken.google.com/demo-printcraft"), "iat", Seconds(1));
        var header = new System.Text.Json.Nodes.JsonObject { ["alg"] = "none", ["typ"] = "JWT" };

        using (var http = Http(WithoutSignature(header, payload)))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/api/v1/credits"));
        }

        await RefusedAsync(WithoutSignature(header, With(payload, "exp", Seconds(-600))));
        await RefusedAsync(WithoutSignature(header, With(With(Payload(account.LocalId), "aud", "demo-printcraft"), "iat", Seconds(1))));
        await RefusedAsync(WithoutSignature(header, With(With(payload, "exp", Seconds(600)), "aud", "printcraft-live")));
    }

    private static Task<HttpResponseMessage> OrderAsync(HttpClient http) =>
        http.PostAsJsonAsync("/api/v1/generations", new { prompt = "a lighthouse of somebody from Firebase", options = new { quality = "draft", width = 512, height = 512 } });

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> AdminStatusAsync(string token)
    {
        using var http = Http(token);
        return await StatusAsync(http, "/api/v1/admin/dead-letters");
    }

    private async Task RefusedAsync(string token)
    {
        using var http = Http(token);
        using var answer = await http.GetAsync("/api/v1/credits");
        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
    }

    private HttpClient Http(string token)
    {
        var http = _app.Http("api");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
