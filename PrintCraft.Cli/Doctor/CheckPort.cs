using System.Net.Sockets;

namespace PrintCraft.Cli.Doctor;

/// <summary>A port that the AppHost listens on: free, PrintCraft's own already, or somebody else's.</summary>
/// <param name="Name">Of what listens there.</param>
/// <param name="Page">Where it tells what it is.</param>
/// <param name="Word">By which that page is known.</param>
internal sealed record PrintCraftPort(int Number, string Name, string Page, string Word)
{
    public static readonly IReadOnlyList<PrintCraftPort> All =
    [
        new(5310, "API", "/docs", "PrintCraft API"),
        new(5320, "Replicate simulator", "/", "PrintCraft: Replicate simulator"),
        new(5330, "Firebase Auth emulator", "/", "authEmulator"),
        new(15310, "dashboard", "/login", "Aspire"),
    ];
}

internal static class CheckPort
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<Finding> RunAsync(PrintCraftPort port, CancellationToken cancellationToken)
    {
        var check = $"port {port.Number}";
        return await IsFreeAsync(port.Number, cancellationToken) ? new Finding(check, Health.Ok, $"free for the {port.Name}")
            : await IsOursAsync(port, cancellationToken) ? new Finding(check, Health.Ok, $"the {port.Name} runs there")
            : new Finding(
                check, Health.Fail, $"somebody else listens there, where the {port.Name} belongs: end it, or use free ports", "PRINTCRAFT_RANDOM_PORTS=1 dotnet run --project PrintCraft.AppHost");
    }

    private static async Task<bool> IsFreeAsync(int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("localhost", port, patience.Token);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> IsOursAsync(PrintCraftPort port, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = 1 << 20 };
        try
        {
            return (await http.GetStringAsync(new Uri($"http://localhost:{port.Number}{port.Page}"), cancellationToken)).Contains(port.Word, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
