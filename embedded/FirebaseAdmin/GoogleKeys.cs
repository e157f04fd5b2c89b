using System.Security.Cryptography.X509Certificates;

namespace FirebaseAdmin.Auth;

/// <summary>The keys that Google signs ID tokens with, by their ids; asked for again five minutes before Cache-Control says that they are old.</summary>
internal sealed class GoogleKeys(HttpClientFactory clients, SemaphoreSlim gate)
{
    private const string Url = "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
    private const AuthErrorCode Failed = AuthErrorCode.CertificateFetchFailed;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);
    private Dictionary<string, RSA> _keys;
    private DateTime _until;

    public async Task<Dictionary<string, RSA>> GetAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var now = SystemClock.Default.UtcNow;
            if (now >= _until)
            {
                using var client = clients.CreateHttpClient(new());
                var (keys, maxAge) = await ReadAsync<Dictionary<string, string>>(client.GetAsync(Url, cancellationToken), Failed, Failed);
                _keys = keys is { Count: > 0 } ? keys.ToDictionary(key => key.Key, key => Read(key.Value)) : throw new FirebaseAuthException("Google sent no keys.", Failed);
                _until = now + (maxAge - ClockSkew ?? TimeSpan.Zero);
            }

            return _keys;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Google's answer; what goes wrong on the way has one of two codes.</summary>
    public static async Task<(T Body, TimeSpan? MaxAge)> ReadAsync<T>(Task<HttpResponseMessage> sent, AuthErrorCode? failed, AuthErrorCode unreadable)
    {
        try
        {
            using var answer = await sent;
            var text = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
            return (NewtonsoftJsonSerializer.Instance.Deserialize<T>(text), answer.Headers.CacheControl?.MaxAge);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new FirebaseAuthException(exception.Message, exception is JsonException ? unreadable : failed, exception);
        }
    }

    private static RSA Read(string pem)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(Encoding.UTF8.GetBytes(pem));
        return certificate.GetRSAPublicKey();
    }
}
