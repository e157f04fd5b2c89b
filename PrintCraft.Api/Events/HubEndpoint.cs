using System.Security.Cryptography;

using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Events;

/// <summary>
/// Where the hub is reached: WebSockets only, each connection whole in one process, so that any number of API processes serve it without sticky sessions.
/// For that, negotiation promises nothing: the id it gives is asked for nowhere.
/// </summary>
internal static class HubEndpoint
{
    public const string Path = "/hubs/generations";

    private const string TokenParameter = "access_token";

    private static readonly object Transports = new[] { new { Transport = "WebSockets", TransferFormats = new[] { "Text" } } };

    public static void AddHub(this IServiceCollection services)
    {
        services.AddSignalR().AddHubOptions<GenerationHub>(hub => hub.AddFilter<HubCalls>());
        services.AddOptions<HubOptions<GenerationHub>>().Configure<IOptions<EventOptions>>((hub, events) =>
        {
            hub.KeepAliveInterval = events.Value.Heartbeat;
            hub.MaximumReceiveMessageSize = events.Value.MaxMessageBytes;
        });
        services.AddOptions<JsonHubProtocolOptions>().Configure<IOptions<JsonOptions>>((hub, api) => hub.PayloadSerializerOptions = api.Value.SerializerOptions);
        services.AddSingleton<HubCalls>();
        services.AddScoped<HubSubscriptions>();
    }

    /// <summary>
    /// Before everything that logs or traces: a browser cannot set a header of a WebSocket, so there, and nowhere else, a credential is taken from the address. It
    /// becomes the header that everything else knows, and the address is without it from here on.
    /// </summary>
    public static WebApplication UseHubCredential(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            if (context.Request.Query.Count > 0 && context.Request.Path.StartsWithSegments(Path))
            {
                if (context.Request.Query[TokenParameter].ToString() is { Length: > 0 } token && context.Request.Headers.Authorization.Count == 0)
                {
                    context.Request.Headers.Authorization = $"Bearer {token}";
                }

                context.Request.QueryString = QueryString.Empty;
                context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag("url.query", null);
            }

            return next(context);
        });
        return app;
    }

    public static WebApplication MapGenerationHub(this WebApplication app)
    {
        var events = app.Services.GetRequiredService<IOptions<EventOptions>>().Value;
        app.MapHub<GenerationHub>(Path, connection =>
            {
                connection.Transports = HttpTransportType.WebSockets;
                connection.TransportSendTimeout = events.WriteTimeout;
            })
            .RequireAuthorization(Policies.Caller)
            .NeedsScope(Scopes.Read)
            .DisableRequestTimeout()
            .Add(endpoint => endpoint.RequestDelegate = endpoint.Metadata.OfType<NegotiateMetadata>().Any() ? NegotiateAsync : Enter(endpoint.RequestDelegate!));
        return app;
    }

    /// <summary>A connection takes a place of its user's streams for as long as it lasts, whatever it follows.</summary>
    private static RequestDelegate Enter(RequestDelegate connect) => async context =>
    {
        if (!IsWebSocket(context))
        {
            await ProblemRegistration.WriteAsync(context, ProblemCode.InvalidRequest, "This address takes WebSocket connections.");
            return;
        }

        var (places, user) = Of(context);
        using var place = await places.TryEnterAsync(user, context.RequestAborted);
        if (place is null)
        {
            await RefuseAsync(context);
            return;
        }

        context.GiveBackPlace();
        await connect(context);
    };

    /// <summary>Tells clients that cannot do without it what they may do next: here a refusal can still be read, which browsers hide from a WebSocket.</summary>
    private static async Task NegotiateAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await ProblemRegistration.WriteAsync(context, ProblemCode.MethodNotAllowed);
            return;
        }

        var (places, user) = Of(context);
        if (!await places.HaveRoomAsync(user, context.RequestAborted))
        {
            await RefuseAsync(context);
            return;
        }

        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        await context.Response.WriteAsJsonAsync(new { NegotiateVersion = 1, ConnectionId = id, ConnectionToken = id, AvailableTransports = Transports }, context.RequestAborted);
    }

    private static (StreamPlaces Places, Guid User) Of(HttpContext context) =>
        (context.RequestServices.GetRequiredService<StreamPlaces>(), context.RequestServices.GetRequiredService<CurrentUser>().Id);

    private static Task RefuseAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<Limiter>().RefuseStreams();
        return ProblemRegistration.WriteAsync(context, ProblemCode.RateLimited, Limiter.TooManyStreams);
    }

    private static bool IsWebSocket(HttpContext context) =>
        string.Equals(context.Request.Headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase)
        || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };
}
