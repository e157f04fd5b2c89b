using System.Collections.Concurrent;
using System.Net.NetworkInformation;

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
            if (Drawn.TryAdd(port, true) && !HasListener(port))
            {
                return port;
            }
        }
    }

    public static bool HasListener(int port) =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port == port);

    public static DistributedApplicationException Taken(int port, string owner) =>
        new($"Port {port} ({owner}) is taken. Stop what listens there, or set PRINTCRAFT_RANDOM_PORTS=1.");
}
