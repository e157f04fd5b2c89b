using System.Diagnostics;

using PrintCraft.Samples;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Samples;

/// <summary>What docs/samples shows works, word for word.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    private readonly string _folder = Directory.CreateTempSubdirectory("printcraft-samples-").FullName;

    private string File => Path.Combine(_folder, "design.png");

    private static string Samples => Path.Combine(AppContext.BaseDirectory, "samples");

    [Fact]
    public async Task The_CSharp_sample_makes_a_picture()
    {
        var (app, user) = await UserAsync();

        var told = await Quickstart.RunAsync(app.Address, user.Credential, "a fox in the snow", File, CancellationToken.None);

        Assert.Equal($"{File}, 1 credits", told);
        AssertPicture();
    }

    [Fact]
    public async Task The_curl_sample_makes_a_picture()
    {
        var told = await RunAsync("bash", Path.Combine(Samples, "quickstart.sh"));

        Assert.Contains("succeeded", told, StringComparison.Ordinal);
        AssertPicture();
    }

    [NodeFact]
    public async Task The_JavaScript_sample_makes_a_picture()
    {
        var told = await RunAsync("node", Path.Combine(Samples, "quickstart.mjs"));

        Assert.Contains("100 % succeeded", told, StringComparison.Ordinal);
        AssertPicture();
    }

    [NodeFact]
    public async Task The_SignalR_sample_sees_every_event_once_though_its_line_is_cut_after_each()
    {
        var (app, user) = await UserAsync();
        var packages = await NpmPackages.EnsureAsync("@microsoft/signalr@10.0.0");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), Path.Combine(packages, "node_modules"));
        var script = Path.Combine(_folder, "realtime.mjs");
        System.IO.File.Copy(Path.Combine(Samples, "realtime.mjs"), script);
        await using var line = TcpProxy.To("127.0.0.1", app.Address.Port);
        var isOrdered = false;

        var lines = await RunAsync("node", user, $"http://127.0.0.1:{line.Port}", [script, Scenario.Prompt("slow=1")], said =>
        {
            // Not before the order is answered: that comes over the line too.
            isOrdered |= said.StartsWith("ordered", StringComparison.Ordinal);
            if (isOrdered)
            {
                line.Reset();
            }
        });

        var told = await (await app.DatabaseAsync()).ListAsync("SELECT user_seq || ' ' || type || ' ' || (payload->>'progress') || ' %' FROM generation_events WHERE user_id = $1 ORDER BY user_seq", user.Id);
        Assert.Equal(told, lines.Where(one => one.EndsWith('%')));
        Assert.True(line.Connections > 3, $"The line was cut {line.Connections - 2} times.");
        using var picture = await app.Http("api").GetAsync(new Uri(lines[^1]).PathAndQuery);
        Assert.True(picture.IsSuccessStatusCode, lines[^1]);
    }

    [Fact]
    public async Task Every_request_of_the_http_file_is_answered()
    {
        var (app, user) = await UserAsync();
        using var http = app.Http("api");
        var text = await System.IO.File.ReadAllTextAsync(Path.Combine(Samples, "printcraft.http"));
        var file = new HttpFile(text, new Dictionary<string, string> { ["host"] = app.Address.ToString().TrimEnd('/'), ["credential"] = user.Credential });

        var titles = 0;
        await foreach (var (title, answer, body) in file.RunAsync(http))
        {
            Assert.True(answer.IsSuccessStatusCode, $"{title}: {answer.StatusCode} {body}");
            titles++;
        }

        Assert.Equal(text.Split("\n### ").Length - 1, titles);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<(PrintCraftApp App, TestUser User)> UserAsync()
    {
        var app = await PrintCraftApp.GetAsync();
        return (app, app.NewUser());
    }

    private void AssertPicture() => Assert.Equal(PngSignature, System.IO.File.ReadAllBytes(File)[..4]);

    private async Task<string> RunAsync(string program, string sample)
    {
        var (app, user) = await UserAsync();
        return string.Join('\n', await RunAsync(program, user, app.Address.ToString().TrimEnd('/'), [sample, "a fox in the snow", File], _ => { }));
    }

    /// <returns>The lines that it wrote; each was told as it came.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(string program, TestUser user, string url, string[] arguments, Action<string> told)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PRINTCRAFT_URL"] = url;
        start.Environment["PRINTCRAFT_CREDENTIAL"] = user.Credential;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line);
            told(line);
        }

        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {string.Join('\n', lines)}{await errors}");
        return lines;
    }
}
