using System.Diagnostics;

using PrintCraft.Samples;
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
        var start = new ProcessStartInfo(program, [sample, "a fox in the snow", File]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PRINTCRAFT_URL"] = app.Address.ToString().TrimEnd('/');
        start.Environment["PRINTCRAFT_CREDENTIAL"] = user.Credential;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {told}{await errors}");
        return told;
    }
}
