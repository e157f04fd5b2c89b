using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using PrintCraft.Replicate;
using PrintCraft.ServiceDefaults;

namespace PrintCraft.Tests.Replicate;

/// <summary>A request as it came over the wire.</summary>
internal sealed record WireRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A Replicate that answers what a test tells it, over a real connection, and keeps what it was asked. The client is the product's own.</summary>
internal sealed class CannedReplicate : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly IHost _client;
    private readonly List<WireRequest> _asked;

    private CannedReplicate(WebApplication server, IHost client, List<WireRequest> asked) => (_server, _client, _asked) = (server, client, asked);

    public string Address => _server.Urls.Single();

    public IReplicateApi Api => _client.Services.GetRequiredService<IReplicateApi>();

    public IReadOnlyList<WireRequest> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public static async Task<CannedReplicate> StartAsync(RequestDelegate answer, params (string Key, string Value)[] settings)
    {
        var asked = new List<WireRequest>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new WireRequest(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                await reader.ReadToEndAsync(context.RequestAborted));
            lock (asked)
            {
                asked.Add(request);
            }

            await answer(context);
        });
        await server.StartAsync();
        return new CannedReplicate(server, Client([("Replicate:BaseAddress", server.Urls.Single()), .. settings]), asked);
    }

    public static Task<CannedReplicate> StartAsync(int status, string body, params (string Name, string Value)[] headers) => StartAsync(Answer(status, body, headers));

    public static RequestDelegate Answer(int status, string body, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>The client as API and worker have it, with the defaults of every host around it.</summary>
    public static IHost Client(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Testing" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Replicate:Token"] = "r8_test" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.AddServiceDefaults();
        builder.AddReplicate();
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }
}
