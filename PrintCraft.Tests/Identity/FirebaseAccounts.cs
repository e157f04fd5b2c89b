using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>What Firebase's client libraries and an administrator's console ask of it, asked of the graph's emulator: https://firebase.google.com/docs/reference/rest/auth.</summary>
public sealed class FirebaseAccounts : IDisposable
{
    private const string Accounts = "/identitytoolkit.googleapis.com/v1";
    private const string Project = "demo-printcraft";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly HttpClient _http;

    private FirebaseAccounts(HttpClient http) => _http = http;

    /// <summary>Waits until the emulator runs: on a clean machine npm fetches it first, beside everything else.</summary>
    public static async Task<FirebaseAccounts> OpenAsync(PrintCraftApp app)
    {
        using var patience = new CancellationTokenSource(Patience);
        await app.App.ResourceNotifications.WaitForResourceHealthyAsync("firebase", patience.Token);
        return new FirebaseAccounts(app.Http("firebase"));
    }

    public static string NewAddress() => $"user-{Guid.CreateVersion7():n}@example.com";

    public Task<SignedIn> SignUpAsync(string email, string displayName = "Somebody") =>
        PostAsync<SignedIn>($"{Accounts}/accounts:signUp?key=any", new { email, password = "correct horse", displayName, returnSecureToken = true });

    public Task<SignedIn> SignInAsync(string email) =>
        PostAsync<SignedIn>($"{Accounts}/accounts:signInWithPassword?key=any", new { email, password = "correct horse", returnSecureToken = true });

    public Task<SignedIn> SignUpAnonymouslyAsync() => PostAsync<SignedIn>($"{Accounts}/accounts:signUp?key=any", new { returnSecureToken = true });

    /// <summary>A new ID token, which says what is known now.</summary>
    public async Task<string> RefreshAsync(string refreshToken) => (await PostAsync<JsonElement>(
        "/securetoken.googleapis.com/v1/token?key=any", new { grant_type = "refresh_token", refresh_token = refreshToken })).GetProperty("id_token").GetString()!;

    /// <summary>What only an administrator may change: <c>emailVerified</c>, <c>disableUser</c>, <c>customAttributes</c>, <c>validSince</c>.</summary>
    public Task ChangeAsync(string localId, string member, object value) =>
        PostAsync<JsonElement>($"{Accounts}/projects/{Project}/accounts:update", new Dictionary<string, object> { ["localId"] = localId, [member] = value }, asOwner: true);

    public Task DeleteAsync(string localId) => PostAsync<JsonElement>($"{Accounts}/projects/{Project}/accounts:delete", new { localId }, asOwner: true);

    public void Dispose() => _http.Dispose();

    private async Task<T> PostAsync<T>(string path, object body, bool asOwner = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = asOwner ? new AuthenticationHeaderValue("Bearer", "owner") : null;
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.OK
            ? (await answer.Content.ReadFromJsonAsync<T>())!
            : throw new InvalidOperationException($"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}

/// <summary>Somebody who signed in.</summary>
public sealed record SignedIn(string LocalId, string IdToken, string RefreshToken);
