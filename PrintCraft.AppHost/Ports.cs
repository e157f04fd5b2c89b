using System.Net;
using System.Net.Sockets;

namespace PrintCraft.AppHost;

/// <summary>
/// PRINTCRAFT_RANDOM_PORTS=1 gives every public port, the dashboard's included, a free number instead of the launch profiles', so that two
/// checkouts run side by side.
/// </summary>
internal static class Ports
{
    public const string Switch = "PRINTCRAFT_RANDOM_PORTS";

    private static readonly string[] DashboardUrls = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];

    /// <summary>False, after one line, when the switch has a value that means nothing.</summary>
    public static bool TryChoose()
    {
        switch (Environment.GetEnvironmentVariable(Switch))
        {
            case null or "" or "0":
                return true;
            case "1":
                Environment.SetEnvironmentVariable("DcpPublisher__RandomizePorts", "true");
                foreach (var variable in DashboardUrls)
                {
                    Environment.SetEnvironmentVariable(variable, $"http://localhost:{Free()}");
                }

                return true;
            default:
                Console.Error.WriteLine($"{Switch} must be 1 or 0.");
                return false;
        }
    }

    private static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
