using System.Net;

using PrintCraft.Cli.Connections;

namespace PrintCraft.Cli.Doctor;

/// <summary>Whether the API is there and well, and takes the credential.</summary>
internal static class CheckApi
{
    private const string Start = "dotnet run --project PrintCraft.AppHost";
    private const string Credential = "export PRINTCRAFT_CREDENTIAL=…   # the Credential line of the AppHost's start block, or an API key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(Uri api, string? credential, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        var health = await HealthAsync(http, api, cancellationToken);
        return [health, health.State == Health.Fail
            ? new Finding("credential", Health.Warn, "not checked: no API")
            : await CredentialAsync(api, credential, cancellationToken)];
    }

    private static async Task<Finding> HealthAsync(HttpClient http, Uri api, CancellationToken cancellationToken)
    {
        var address = api.GetLeftPart(UriPartial.Path).TrimEnd('/');
        try
        {
            using var response = await http.GetAsync(new Uri($"{address}/health"), cancellationToken);
            var word = (await response.Content.ReadAsStringAsync(cancellationToken)).Trim();
            return (response.StatusCode, word) switch
            {
                (HttpStatusCode.OK, "Healthy") => new Finding("api", Health.Ok, $"{address} is healthy"),
                (HttpStatusCode.OK, "Degraded") => new Finding("api", Health.Warn, $"{address} works, but Redis is missing or slow: see redis in the dashboard", $"curl -s {address}/health"),
                (HttpStatusCode.ServiceUnavailable, "Unhealthy") => new Finding("api", Health.Fail, $"{address} answers, but its database does not", $"curl -s {address}/health"),
                _ => new Finding("api", Health.Fail, $"{address} is no PrintCraft API: /health answers {(int)response.StatusCode}", "export PRINTCRAFT_API=http://localhost:5310"),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new Finding("api", Health.Fail, $"{address} does not answer", api.IsLoopback ? Start : "export PRINTCRAFT_API=http://localhost:5310");
        }
    }

    private static async Task<Finding> CredentialAsync(Uri api, string? credential, CancellationToken cancellationToken)
    {
        if (credential is null || !CredentialSource.IsPossible(credential))
        {
            return new Finding("credential", Health.Fail, credential is null ? "there is none" : "it has spaces, line breaks or letters that no credential has", Credential);
        }

        using var connection = new Connection(api, credential);
        try
        {
            var me = await connection.Once.GetMeAsync(cancellationToken);
            return new Finding("credential", Health.Ok, $"you are {me.Name} ({me.Role}), by {me.Credential?.Kind}, with {string.Join(", ", me.Credential?.Scopes ?? [])}");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var failure = Failures.Of(exception, api);
            return new Finding("credential", Health.Fail, failure.Message, failure.Exit == Exit.NotAuthenticated ? Credential : null);
        }
    }
}
