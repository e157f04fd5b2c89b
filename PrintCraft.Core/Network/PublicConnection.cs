using System.Net;
using System.Net.Sockets;

namespace PrintCraft.Core.Network;

/// <summary>
/// Connects an HttpClient to public addresses only. The name is resolved once, every address is looked at, and the connection goes to those that were looked at: a
/// name that answers differently the next time (DNS rebinding) gains nothing. For <see cref="SocketsHttpHandler.ConnectCallback"/>, without proxy and redirects.
/// </summary>
/// <param name="resolve">A name's addresses.</param>
public sealed class PublicConnection(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public PublicConnection()
        : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <exception cref="HttpRequestException">An address of the host is not public.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await resolve(host, cancellationToken);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, PublicAddress.IsPublic))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{host} is not on the internet.");
        }

        return await ConnectAsync(socket => socket.ConnectAsync(addresses, port, cancellationToken));
    }

    /// <summary>Connects wherever the host is: for hosts that the settings name.</summary>
    public static async ValueTask<Stream> ConnectAnywhereAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        await ConnectAsync(socket => socket.ConnectAsync(context.DnsEndPoint, cancellationToken));

    private static async Task<Stream> ConnectAsync(Func<Socket, ValueTask> connect)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await connect(socket);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
