using System.Diagnostics;
using System.Net;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Embedded;
using PrintCraft.Tests.Infrastructure;

using Xunit.Abstractions;

namespace PrintCraft.Tests.Operations;

/// <summary>The life of a checkout, as a person at a terminal lives it.</summary>
[Collection(nameof(OneAtATime))]
public sealed class AppHostLifeTests(ITestOutputHelper output)
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    [EmbeddedFact]
    public async Task A_run_says_what_to_do_refuses_a_second_one_ends_with_Ctrl_C_and_keeps_its_data()
    {
        using var folder = new RunFolder();
        var machine = new MachineLoad();
        await using var first = AppHostProcess.Start(folder);
        await first.WaitForBlockAsync();
        await Task.WhenAll(first.WaitUntilHealthyAsync("PrintCraft.Worker"), first.WaitUntilHealthyAsync("PrintCraft.ReplicateSimulator"), first.WaitUntilHealthyAsync("PrintCraft.Api"));
        var (age, others) = (first.Age, machine.OthersSince(folder));
        output.WriteLine($"All healthy after {age}; others took {others} of it.");
        Assert.True(age - others < StartLimit, $"All healthy after {age}, of which others took {others}. {first.Story}");
        Assert.StartsWith("PrintCraft in embedded mode: ", first.Output[0], StringComparison.Ordinal);
        Assert.True(first.Errors.Count == 0, first.Story);

        // Every link and the curl line work as they are.
        Assert.Equal(HttpStatusCode.OK, await AppHostProcess.StatusAsync($"{first.Api}/docs"));
        if (DashboardFactAttribute.IsPossible)
        {
            await Eventually.HoldsAsync(() => LetsInAsync(first.Dashboard), () => $"the dashboard's link to let in. {first.Story}", TimeSpan.FromMinutes(3));
        }

        var id = await PasteAsync(first);
        var made = await first.WaitUntilFinalAsync(id);
        Assert.Equal(GenerationStatus.Succeeded, made.Status);
        using (var http = new HttpClient())
        using (var image = await http.GetAsync(made.ImageUrl))
        {
            Assert.Equal((HttpStatusCode.OK, "image/png"), (image.StatusCode, image.Content.Headers.ContentType?.MediaType));
        }

        // Also with the launch profile's ports, which somebody else may hold.
        await using (var second = AppHostProcess.Start(folder, ("PRINTCRAFT_RANDOM_PORTS", null)))
        {
            Assert.Equal(1, (await second.EndAsync(EndLimit)).Code);
            Assert.Equal([$"PrintCraft already runs from this folder (pid {first.Id}). Stop it first, or use another checkout."], second.Errors);
            Assert.Single(second.Output);
        }

        await EndAsync(first, folder, ProgramProcess.Interrupt);

        // The next run of the same checkout, with a broker that takes its time: the API serves, the worker waits.
        await using var next = AppHostProcess.Start(folder);
        var broker = await AppearAsync(folder, "beam.smp", next);
        Assert.Equal(0, ProgramProcess.Kill(broker.Id, Stop));
        await next.WaitForBlockAsync();
        using var client = next.Client();
        Assert.Equal(made.Images.Single().Sha256, (await AppHostProcess.Of(client).GetGenerationAsync(id, CancellationToken.None)).Images.Single().Sha256);
        var waiting = await AppHostProcess.Of(client).CreateGenerationAsync(new NewGeneration("patience"), CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, await AppHostProcess.StatusAsync($"{next.Api}/health"));
        Assert.Null(next.Find("PrintCraft.Worker"));

        Assert.Equal(0, ProgramProcess.Kill(broker.Id, Continue));
        Assert.Equal(GenerationStatus.Succeeded, (await next.WaitUntilFinalAsync(waiting.Id)).Status);

        await EndAsync(next, folder, ProgramProcess.Terminate);
    }

    [EmbeddedFact]
    public async Task Kill_9_leaves_nothing_behind_the_next_run_starts_at_once_and_a_checkout_without_Node_runs_beside_it()
    {
        using var folder = new RunFolder();
        await using var killed = AppHostProcess.Start(folder, ("Firebase__Emulator", $"{FirebaseFactAttribute.IsPossible}"));
        await killed.WaitForBlockAsync();
        await killed.WaitUntilHealthyAsync("PrintCraft.Worker");
        var before = folder.Processes();
        Assert.Equal(FirebaseFactAttribute.IsPossible, before.Any(process => process.CommandLine.Contains("firebase-emulator.mjs", StringComparison.Ordinal)));
        Assert.All(["postgres", "redis-server", "beam.smp", "epmd", "dotnet", "sh"], name => Assert.Contains(before, process => process.Name == name));

        killed.KillAlone();
        var since = Stopwatch.GetTimestamp();
        await using var again = AppHostProcess.Start(folder);
        await Eventually.HoldsAsync(
            () => Task.FromResult(!before.Intersect(folder.Processes()).Any()),
            () => $"the killed run's processes to end; left: {string.Join(Environment.NewLine, before.Intersect(folder.Processes()))}",
            EndLimit - Stopwatch.GetElapsedTime(since));
        output.WriteLine($"Nothing left {Stopwatch.GetElapsedTime(since)} after kill -9.");
        await again.WaitForBlockAsync();

        using var otherFolder = new RunFolder(withTools: false);
        using var withoutNode = new PathWithout("node", "npm");
        await using var other = AppHostProcess.Start(otherFolder, ("PATH", withoutNode.Folder));
        await other.WaitForBlockAsync();
        Assert.Single(other.Output.Concat(other.Errors), line => line.Contains("Node.js and npm are missing (apt-get install nodejs npm); everything else runs.", StringComparison.Ordinal));
        Assert.DoesNotContain(otherFolder.Processes(), process => process.Name == "aspire-managed");
        Assert.Contains("  Dashboard   off", other.Output);

        var id = await PasteAsync(other);
        Assert.Equal(GenerationStatus.Succeeded, (await other.WaitUntilFinalAsync(id)).Status);
        Assert.NotEqual(again.Api, other.Api);
        using (var stranger = again.Client(other.Credential))
        using (var answer = await stranger.GetAsync($"/api/v1/generations/{id}"))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using (var sameUser = again.Client())
        using (var answer = await sameUser.GetAsync($"/api/v1/generations/{id}"))
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        await EndAsync(other, otherFolder, ProgramProcess.Interrupt);
        Assert.Equal(HttpStatusCode.OK, await AppHostProcess.StatusAsync($"{again.Api}/health"));
        await EndAsync(again, folder, ProgramProcess.Interrupt);
    }

    private async Task EndAsync(AppHostProcess run, RunFolder folder, int signal)
    {
        run.Send(signal);
        var (code, after) = await run.EndAsync(EndLimit);
        output.WriteLine($"Ended {after} after signal {signal}.");
        Assert.True(code == 0, $"Exit code {code}. {run.Story}");
        Assert.True(folder.Processes() is { Count: 0 }, $"Left after {after}: {string.Join(Environment.NewLine, folder.Processes())}");
    }

    /// <summary>Runs the printed line in a shell, as it is but for the status line that it then shows, and returns the id of what it ordered.</summary>
    private static async Task<Guid> PasteAsync(AppHostProcess run)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"{run.Curl} --include"]) { RedirectStandardOutput = true })!;
        var answer = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.StartsWith("HTTP/1.1 201 ", answer, StringComparison.Ordinal);
        return JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..]).RootElement.GetProperty("id").GetGuid();
    }

    private static async Task<bool> LetsInAsync(string link)
    {
        try
        {
            return await AppHostProcess.StatusAsync(link) is HttpStatusCode.OK or HttpStatusCode.Redirect;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<MarkedProcess> AppearAsync(RunFolder folder, string name, AppHostProcess run)
    {
        MarkedProcess? found = null;
        await Eventually.HoldsAsync(
            () => Task.FromResult((found = folder.Processes().FirstOrDefault(process => process.Name == name)) is not null), () => $"{name}. {run.Story}", StartLimit);
        return found!;
    }
}
