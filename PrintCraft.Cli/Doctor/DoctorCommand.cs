using System.CommandLine;

using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Output;

namespace PrintCraft.Cli.Doctor;

/// <summary>`printcraft doctor`: looks at everything that PrintCraft needs, and says for each what to type when it is missing.</summary>
internal static class DoctorCommand
{
    public static Command Build()
    {
        var doctor = new Command("doctor", "Check SDK, mode, servers, Node.js, ports, API and credential, with a command for whatever is wrong.");
        doctor.Does(RunAsync);
        return doctor;
    }

    private static async Task<Exit> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var api = GlobalOptions.ApiOf(session.Words);
        Task<IReadOnlyList<Finding>>[] checks =
        [
            MachineAsync(Directory.GetCurrentDirectory(), cancellationToken),
            CheckApi.RunAsync(api, CredentialSource.Find(session.Words), cancellationToken),
        ];
        List<Finding> findings = [.. (await Task.WhenAll(checks)).SelectMany(found => found)];
        var isWell = findings.TrueForAll(finding => finding.State != Health.Fail);
        if (session.Terminal.Json)
        {
            Terminal.Document(new { ok = isWell, checks = findings });
        }
        else
        {
            findings.ForEach(Tell);
        }

        return isWell ? Exit.Done : Exit.Failed;
    }

    /// <summary>Only where there is a checkout to run: elsewhere the API is somebody else's business.</summary>
    private static async Task<IReadOnlyList<Finding>> MachineAsync(string folder, CancellationToken cancellationToken)
    {
        if (Checkout.Find(folder) is not { } checkout)
        {
            return [new Finding("checkout", Health.Warn, "not in a checkout of PrintCraft: SDK, mode, servers and ports are not checked", "cd PrintCraft && printcraft doctor")];
        }

        var sdk = CheckMachine.SdkAsync(checkout, cancellationToken);
        var mode = CheckMachine.ModeAsync(checkout, cancellationToken);
        var node = CheckMachine.NodeAsync(checkout.Folder, cancellationToken);
        var ports = PrintCraftPort.All.Select(port => CheckPort.RunAsync(port, cancellationToken)).ToList();
        return [await sdk, .. await mode, await node, .. await Task.WhenAll(ports)];
    }

    private static void Tell(Finding finding)
    {
        Terminal.Line($"{Word(finding.State)}  {finding.Check,-10}  {finding.Message}");
        if (finding.Hint is { } hint)
        {
            Terminal.Line($"                  {hint}");
        }
    }

    private static string Word(Health state) => state switch
    {
        Health.Ok => "ok  ",
        Health.Warn => "warn",
        Health.Fail => "FAIL",
    };
}
