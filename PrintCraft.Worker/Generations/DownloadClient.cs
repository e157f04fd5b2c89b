using System.Net;

using PrintCraft.Core.Network;

namespace PrintCraft.Worker.Generations;

/// <summary>
/// The HttpClient that fetches output files, whose addresses a foreign server tells: one try, no redirects, no cookies, no proxy, and connections to the internet only.
/// A loopback host is one that the settings allow by name (the simulator); no answer of a name server makes it one.
/// </summary>
internal static class DownloadClient
{
    public const string Name = "replicate-delivery";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static IServiceCollection AddDownloadClient(this IServiceCollection services)
    {
        services.AddHttpClient(Name)
            .ConfigurePrimaryHttpMessageHandler(() => Handler(new PublicConnection()))
            .RemoveAllLoggers()
            .RemoveAllResilienceHandlers();
        return services;
    }

    internal static SocketsHttpHandler Handler(PublicConnection internet) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        UseProxy = false,
        // A body that grows while it is unpacked is no image.
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = (context, cancellationToken) =>
            IsLoopback(context.DnsEndPoint.Host) ? PublicConnection.ConnectAnywhereAsync(context, cancellationToken) : internet.ConnectAsync(context, cancellationToken),
    };

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
