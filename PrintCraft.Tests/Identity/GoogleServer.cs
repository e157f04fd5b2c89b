using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PrintCraft.Tests.Identity;

/// <summary>Google, as far as tokens need it: the keys that sign them, access for service accounts, the accounts of one project.</summary>
public sealed class GoogleServer : IAsyncDisposable
{
    private const string Keys = "/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com";
    private const string Lookup = $"/v1/projects/{FirebaseSigner.Project}/accounts:lookup";

    private static readonly RSA ServiceKey = RSA.Create(2048);

    private readonly WebApplication _web;

    private GoogleServer(WebApplication web) => _web = web;

    public Uri Address => new(_web.Urls.Single());

    /// <summary>The certificates by key id.</summary>
    public ConcurrentDictionary<string, string> Certificates { get; } = new();

    /// <summary>How long the keys may be kept.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What the keys, or the accounts, are answered with instead.</summary>
    public Func<HttpContext, Task>? Trouble { get; set; }

    public ConcurrentDictionary<string, JsonObject> Accounts { get; } = new();

    /// <summary>Every request as "host path".</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public int KeyRequests => Requests.Count(request => request == $"www.googleapis.com {Keys}");

    public static async Task<GoogleServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new GoogleServer(builder.Build());
        server.Certificates[FirebaseSigner.Genuine.KeyId] = FirebaseSigner.Genuine.Certificate;
        server._web.Run(server.AnswerAsync);
        await server._web.StartAsync();
        return server;
    }

    /// <summary>The JSON of a service account that gets its access here.</summary>
    public string ServiceAccount() => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = FirebaseSigner.Project,
        ["private_key_id"] = "1",
        ["private_key"] = ServiceKey.ExportPkcs8PrivateKeyPem(),
        ["client_email"] = $"api@{FirebaseSigner.Project}.iam.gserviceaccount.com",
        ["client_id"] = "1",
        ["token_uri"] = $"{Address}token",
    }.ToJsonString();

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Host.Host} {context.Request.Path}");
        if (context.Request.Path == "/token")
        {
            await context.Response.WriteAsJsonAsync(new { access_token = "let-me-in", expires_in = 3600, token_type = "Bearer" });
        }
        else if (Trouble is { } trouble)
        {
            await trouble(context);
        }
        else if (context.Request.Path == Keys)
        {
            context.Response.Headers.CacheControl = $"public, max-age={MaxAge.TotalSeconds}, must-revalidate, no-transform";
            await context.Response.WriteAsJsonAsync(Certificates);
        }
        else if (context.Request.Path == Lookup && context.Request.Headers.Authorization == "Bearer let-me-in")
        {
            var asked = (await context.Request.ReadFromJsonAsync<JsonObject>())!["localId"]!.AsArray().Select(id => (string)id!);
            var found = asked.Where(Accounts.ContainsKey).Select(id => Accounts[id].DeepClone()).ToArray();
            await context.Response.WriteAsJsonAsync(found is [] ? new JsonObject { ["kind"] = "identitytoolkit#GetAccountInfoResponse" } : new JsonObject { ["users"] = new JsonArray(found) });
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
