using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Identity;

namespace PrintCraft.Tests.Identity;

/// <summary>Every endpoint of the real program decides who may call it. It starts without a server: nothing is asked of one.</summary>
public sealed class DefaultDenyTests : IDisposable
{
    /// <summary>What anybody may call, and why.</summary>
    private static readonly Dictionary<string, string> Anonymous = new()
    {
        ["GET /"] = "the page for people, the same for everybody",
        ["GET /studio/config.json"] = "how to sign in to that page; a credential in Development and Testing only",
        ["GET /studio/{version}/{file}"] = "that page's files, the same for everybody",
        ["GET /errors"] = "the catalogue of errors, the same for everybody",
        ["GET /openapi/v1.json"] = "the description of the API, the same for everybody",
        ["GET /alive"] = "asked by whoever runs the process",
        ["GET /health"] = "asked by whoever runs the process",
        ["GET /docs/"] = "the documentation, which has no credential but in Development",
        ["GET /docs/start.js"] = "the documentation's script",
        ["GET /docs/ui"] = "the documentation's page",
        ["GET /docs/ui/index.html"] = "the documentation's page",
        ["* /docs/ui/{**path}"] = "the documentation's files",
        ["POST /api/v1/auth/register"] = "whoever comes first has no account",
        ["POST /api/v1/auth/login"] = "the password is the credential",
        ["POST /api/v1/auth/refresh"] = "the refresh token is the credential",
        ["POST /api/v1/auth/password-reset"] = "for those who cannot sign in; answers everybody alike",
        ["POST /api/v1/auth/password-reset/confirm"] = "the code of the letter is the credential",
        ["POST /api/v1/auth/verify-email"] = "the code of the letter is the credential",
        ["POST /api/v1/auth/verify-email/resend"] = "for those who cannot sign in yet; answers everybody alike",
        ["GET /images/{**key}"] = "the address itself is signed",
        ["PUT /uploads/{id:guid}"] = "the address itself is signed",
        ["POST /webhooks/replicate"] = "the body is signed",
    };

    private readonly WebApplicationFactory<Caller> _api = new WebApplicationFactory<Caller>().WithWebHostBuilder(host =>
    {
        host.UseEnvironment("Testing");
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ConnectionStrings:printcraftdb"] = "Host=127.0.0.1;Port=1;Username=nobody;Password=nobody;Database=nothing",
            ["ConnectionStrings:redis"] = "127.0.0.1:1,abortConnect=false",
            ["Identity:DevelopmentKey"] = "a key for the test, of thirty-two and more",
            ["Images:Folder"] = Path.GetTempPath(),
            ["Images:SigningKey"] = "a key for the test, of thirty-two and more",
            ["Replicate:Token"] = "r8_nobody",
        })
        {
            host.UseSetting(name, value);
        }
    });

    [Fact]
    public void Every_endpoint_decides_who_may_call_it()
    {
        var undecided = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null);

        Assert.Equal([], undecided.SelectMany(Names));
    }

    [Fact]
    public void What_anybody_may_call_is_listed_with_its_reason()
    {
        var open = Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);

        Assert.Equal(Anonymous.Keys.Order(StringComparer.Ordinal), open.SelectMany(Names).Where(name => !name.StartsWith("HEAD ", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Administration_is_for_support_and_administrators_alone()
    {
        var administration = Endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1/admin", StringComparison.Ordinal)).ToList();

        Assert.True(administration.Count >= 8, "the program has lost its routes");
        Assert.Empty(administration
            .Where(endpoint => !endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is Policies.Admin or Policies.Support))
            .SelectMany(Names));
    }

    public void Dispose() => _api.Dispose();

    private IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. _api.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).Cast<RouteEndpoint>().Distinct()];

    private static IEnumerable<string> Names(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}");
}
