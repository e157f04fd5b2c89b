using System.Net;
using System.Net.Sockets;

using Aspire.Hosting.Testing;

using PrintCraft.Cli.Doctor;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Cli;

/// <summary>`printcraft doctor` sees what is there and what is not, and has a command for what is not.</summary>
public sealed class DoctorTests : CliFolder
{
    private static readonly string Checkout = PrintCraft.Cli.Doctor.Checkout.Find(AppContext.BaseDirectory)!.Folder;
    private static readonly string[] Everything = ["sdk", "mode", "node", "port 5310", "port 5320", "port 5330", "port 15310", "api", "credential"];

    [Fact]
    public async Task In_a_checkout_it_looks_at_everything_and_ends_with_1_only_for_a_fail()
    {
        var run = await CliProcess.RunAsync(App.Address, User.Credential, Path.Combine(Checkout, "docs"), "doctor", "--json");

        var checks = run.Document.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("check").GetString()!);
        // Somebody else on this machine may hold the ports.
        var isWell = checks.Values.All(check => check.GetProperty("state").GetString() != "fail");
        Assert.Equal((isWell ? 0 : 1, isWell), (run.Code, run.Document.GetProperty("ok").GetBoolean()));
        Assert.Equal([], Everything.Except(checks.Keys));
        Assert.All(["sdk", "mode", "credential"], name => Assert.Equal("ok", checks[name].GetProperty("state").GetString()));
        Assert.NotEqual("fail", checks["api"].GetProperty("state").GetString());
        Assert.All(checks.Values.Where(check => check.GetProperty("state").GetString() == "fail"), check => Assert.True(check.TryGetProperty("hint", out _), check.ToString()));
    }

    [Fact]
    public async Task Elsewhere_it_looks_at_the_API_and_the_credential()
    {
        var well = (await RunAsync("doctor")).Is(0);
        var refused = (await CliProcess.RunAsync(App.Address, "pcdev_dev.00", Folder, "doctor")).Is(1);
        var none = (await CliProcess.RunAsync(App.Address, null, Folder, "doctor")).Is(1);

        Assert.Equal(["warn  checkout", "ok    credential"], Words(well).Where(IsNotApi));
        Assert.Equal(["warn  checkout", "FAIL  credential"], Words(refused).Where(IsNotApi));
        Assert.Equal(["warn  checkout", "FAIL  credential"], Words(none).Where(IsNotApi));
        Assert.Contains(refused.Output, line => line.Contains("export PRINTCRAFT_CREDENTIAL=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_API_that_is_not_there_or_is_none_is_a_fail()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var address = new Uri($"http://localhost:{((IPEndPoint)nobody.LocalEndpoint).Port}");
        nobody.Stop();
        using var files = new SmallPage("/health", "fine");

        Assert.Equal(["warn  checkout", "FAIL  api", "warn  credential"], Words((await CliProcess.RunAsync(address, User.Credential, Folder, "doctor")).Is(1)));
        Assert.Equal(["warn  checkout", "FAIL  api", "warn  credential"], Words((await CliProcess.RunAsync(files.Address, User.Credential, Folder, "doctor")).Is(1)));
    }

    [Fact]
    public async Task A_port_is_free_ours_or_somebody_elses()
    {
        using var ours = new SmallPage("/docs", "<title>PrintCraft API</title>");
        using var other = new SmallPage("/docs", "<title>A shop</title>");
        using var gone = new TcpListener(IPAddress.Loopback, 0);
        gone.Start();
        var free = ((IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();

        var findings = new List<Finding>();
        foreach (var port in new[] { free, ours.Address.Port, other.Address.Port })
        {
            findings.Add(await CheckPort.RunAsync(PrintCraftPort.All[0] with { Number = port }, None));
        }

        Assert.Equal([Health.Ok, Health.Ok, Health.Fail], findings.Select(finding => finding.State));
        Assert.Equal(["free for the API", "the API runs there"], findings.Take(2).Select(finding => finding.Message));
        Assert.Equal("PRINTCRAFT_RANDOM_PORTS=1 dotnet run --project PrintCraft.AppHost", findings[2].Hint);
    }

    [Fact]
    public Task The_API_is_known_as_its_own() => IsOursAsync(5310, App.Address);

    [Fact]
    public Task The_simulator_is_known_as_its_own() => IsOursAsync(5320, App.App.GetEndpoint("replicate", "http"));

    [FirebaseFact]
    public Task The_Firebase_emulator_is_known_as_its_own() => IsOursAsync(5330, App.App.GetEndpoint("firebase", "http"));

    [DashboardFact]
    public Task The_dashboard_is_known_as_its_own() => IsOursAsync(15310, new Uri(App.Configuration["ASPNETCORE_URLS"]!.Split(';')[0]));

    [Fact]
    public void Servers_that_are_missing_are_named_with_the_command_that_installs_them()
    {
        var finding = CheckMachine.Installed(package => package is "postgresql" or "rabbitmq-server");

        Assert.NotEqual(Health.Ok, finding.State);
        Assert.StartsWith("redis-server, libvips42 are missing", finding.Message, StringComparison.Ordinal);
        Assert.EndsWith("apt-get install -y --no-install-recommends redis-server libvips42", finding.Hint, StringComparison.Ordinal);
        Assert.Equal(Health.Ok, CheckMachine.Installed(_ => true).State);
    }

    [Fact]
    public async Task An_SDK_that_nobody_has_is_a_fail()
    {
        await File.WriteAllTextAsync(PathOf("PrintCraft.sln"), "");
        await File.WriteAllTextAsync(PathOf("global.json"), """{ "sdk": { "version": "99.0.100", "rollForward": "disable" } }""");

        var run = await RunAsync("doctor", "--json");

        var checks = run.Is(1).Document.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("check").GetString()!);
        Assert.Equal("fail", checks["sdk"].GetProperty("state").GetString());
        Assert.Contains("99.0.100", checks["sdk"].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("warn", checks["mode"].GetProperty("state").GetString());
    }

    /// <summary>Nobody waits for the dashboard and the emulator, which come up in their own time.</summary>
    private static async Task IsOursAsync(int number, Uri address)
    {
        var port = PrintCraftPort.All.Single(port => port.Number == number) with { Number = address.Port };
        Finding? finding = null;
        await Eventually.HoldsAsync(
            async () => (finding = await CheckPort.RunAsync(port, None)).Message == $"the {port.Name} runs there", () => $"{port} to be known: {finding}", TimeSpan.FromSeconds(90));
    }

    /// <summary>On a busy machine Redis may answer too late, which the API says and doctor tells.</summary>
    private static bool IsNotApi(string words) => words is not ("ok    api" or "warn  api");

    private static IEnumerable<string> Words(CliRun run) => run.Output.Where(line => line[0] != ' ').Select(line => string.Join("  ", line.Split("  ", 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[..2]).Replace("ok  ", "ok    ", StringComparison.Ordinal));
}
