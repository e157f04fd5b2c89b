using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Embedded;

/// <summary>Loopback ports. Free ones are drawn below the range that the kernel takes client ports from.</summary>
internal static class Ports
{
    internal const int First = 23_000;
    internal const int Last = 32_000;
    internal static readonly ConcurrentDictionary<int, bool> Drawn = new();
    internal static readonly bool HasIPv6 = TryListen(IPAddress.IPv6Loopback, 0);

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (Drawn.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    public static bool IsFree(int port) => TryListen(IPAddress.Loopback, port) && (!HasIPv6 || TryListen(IPAddress.IPv6Loopback, port));

    public static DistributedApplicationException Taken(int port, string owner) =>
        new($"Port {port} ({owner}) is taken. Stop what listens there, or set PRINTCRAFT_RANDOM_PORTS=1.");

    public static Socket Listen(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool TryListen(IPAddress address, int port)
    {
        try
        {
            Listen(address, port).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
