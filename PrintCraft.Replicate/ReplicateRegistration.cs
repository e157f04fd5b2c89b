using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using Refit;

namespace PrintCraft.Replicate;

public static class ReplicateRegistration
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Adds <see cref="IReplicateApi"/>, without the standard resilience handler, with a timeout and nothing else: only the job knows what may be
    /// repeated.
    /// </summary>
    public static IHostApplicationBuilder AddReplicate(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReplicateOptions>()
            .BindConfiguration(ReplicateOptions.Section)
            .PostConfigure(options =>
            {
                if (options.DeliveryHosts.Count == 0)
                {
                    options.DeliveryHosts = ReplicateOptions.DefaultDeliveryHosts;
                }
            })
            .ValidateDataAnnotations()
            .Validate<IHostEnvironment>(
                (options, environment) => options.WebhookBaseUrl is not { } url || IsPublic(url) || (IsHome(url) && IsLocal(environment)),
                "Replicate:WebhookBaseUrl must be https (plain http only for loopback in Development and Testing).")
            .ValidateOnStart();

        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        builder.Services.AddRefitGeneratedClient<IReplicateApi>(new RefitSettings(new SystemTextJsonContentSerializer(json)))
            .ConfigureHttpClient((services, client) =>
            {
                var options = services.GetRequiredService<IOptions<ReplicateOptions>>().Value;
                client.BaseAddress = options.BaseAddress;
                client.Timeout = options.Timeout;
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // A redirect would send an order twice, or turn it into a read.
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectCallback = ConnectAsync,
                // The client lives as long as the process: its connections must not, or a change of DNS is never seen.
                PooledConnectionLifetime = ConnectionLifetime,
            })
            .RemoveAllLoggers()
            .RemoveAllResilienceHandlers();
        return builder;
    }

    /// <summary>
    /// Connects within the time limit. With the handler's own limit a connection that never came up looks like a lost answer; this way it is
    /// a connection error, and it is known that nothing was sent.
    /// </summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new TimeoutException($"No connection to {context.DnsEndPoint.Host} within {ConnectTimeout.TotalSeconds} s.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsPublic(Uri url) => url.IsAbsoluteUri && url.Scheme == Uri.UriSchemeHttps;

    private static bool IsHome(Uri url) => url.IsAbsoluteUri && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;

    private static bool IsLocal(IHostEnvironment environment) => environment.IsDevelopment() || environment.IsEnvironment("Testing");
}
