using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Embedded;

/// <summary>Loopback ports. Free ones are drawn below the range that the kernel takes client ports from, each once.</summary>
internal static class Ports
{
    private static readonly ConcurrentDictionary<int, bool> Drawn = new();

    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(23_000, 32_000);
            if (Drawn.TryAdd(port, true) && IsFree(port))
            {
                return port;
            }
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            Listen(port).ForEach(socket => socket.Dispose());
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static DistributedApplicationException Taken(int port, string owner) =>
        new($"Port {port} ({owner}) is taken. Stop what listens there, or set PRINTCRAFT_RANDOM_PORTS=1.");

    /// <summary>Listens on 127.0.0.1 and, where the machine has it, on ::1.</summary>
    public static List<Socket> Listen(int port)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
            {
                sockets.Add(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
                sockets[^1].Bind(new IPEndPoint(address, port));
                sockets[^1].Listen();
            }
        }
        catch (SocketException exception) when (sockets.Count == 2 && exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
        {
            sockets.RemoveAt(1);
        }
        catch (SocketException)
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }

        return sockets;
    }
}
