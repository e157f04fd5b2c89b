using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

namespace PrintCraft.Api.Identity;

/// <summary>How Google is reached: as whom, and where.</summary>
internal static class FirebaseAccess
{
    /// <summary>FirebaseAdmin reads it itself: with it tokens need no signature, and accounts are the emulator's.</summary>
    public const string EmulatorVariable = "FIREBASE_AUTH_EMULATOR_HOST";

    public static bool IsEmulated => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EmulatorVariable));

    /// <summary>From the JSON of a service account or the path of its file; null when there is none.</summary>
    public static GoogleCredential? Credential(string? serviceAccount) => serviceAccount switch
    {
        null or "" => null,
        _ when serviceAccount.TrimStart().StartsWith('{') => CredentialFactory.FromJson<ServiceAccountCredential>(serviceAccount).ToGoogleCredential(),
        _ => CredentialFactory.FromFile<ServiceAccountCredential>(serviceAccount).ToGoogleCredential(),
    };

    public static bool IsServiceAccount(string? text)
    {
        try
        {
            _ = Credential(text);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Google's own clients, or such as ask somebody else for everything, with the host that was meant in the header.</summary>
    public sealed class GoogleClients(Uri? instead) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) =>
            instead is null ? base.CreateHandler(args) : new Detour(instead, base.CreateHandler(args));
    }

    private sealed class Detour(Uri instead, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // A retry is the same request once more.
            request.Headers.Host ??= request.RequestUri!.Host;
            request.RequestUri = new Uri(instead, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
