using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.Operations;

/// <summary>PrintCraft.AppHost itself, as <c>dotnet run</c> starts it: the launch profile's variables, and data in a folder of the test's own.</summary>
public sealed partial class AppHostProcess : ProgramProcess
{
    /// <summary>Long enough for a first start beside everything else; the one promise about time is checked where it is made.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RunFolder _folder;

    private AppHostProcess(RunFolder folder, IReadOnlyDictionary<string, string?> environment)
        : base("PrintCraft.AppHost", [$"--ImageFolder={folder.Path}/images", "--Parameters:replicate-token="], environment) => _folder = folder;

    public string Api => Said(ApiLine());

    public string Dashboard => Said(DashboardLine());

    public string Credential => Said(CredentialLine());

    /// <summary>The line to paste into a shell.</summary>
    public string Curl => Output.Single(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal)).Trim();

    private bool HasSaidEverything => Output.Any(line => line.Contains("Ctrl+C ends everything", StringComparison.Ordinal));

    /// <summary>Starts with free ports unless told otherwise.</summary>
    public static AppHostProcess Start(RunFolder folder, params (string Name, string? Value)[] changes)
    {
        var environment = new Dictionary<string, string?>
        {
            ["DOTNET_LAUNCH_PROFILE"] = "http",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = "http://localhost:15310",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = "http://localhost:19310",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "http://localhost:20310",
            ["PRINTCRAFT_RANDOM_PORTS"] = "1",
            ["PRINTCRAFT_DATA"] = folder.Path,
            ["PRINTCRAFT_INSTALL_SERVERS"] = "0",
            ["Firebase__Emulator"] = "false",
            ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        };
        foreach (var (name, value) in changes)
        {
            environment[name] = value;
        }

        // Of the host's variables the servers get this one only: the folder's name in it marks them.
        environment["PATH"] += $":{folder.Path}/nothing";
        return new AppHostProcess(folder, environment);
    }

    /// <summary>Waits for the block that says what to do, which comes when the API is ready.</summary>
    public Task WaitForBlockAsync() => Eventually.HoldsAsync(
        () => Task.FromResult(HasSaidEverything || (HasEnded ? throw new Xunit.Sdk.XunitException($"It ended. {Story}") : false)),
        () => $"the start block. {Story}",
        Patience);

    public Task WaitForAsync(string text) => Eventually.HoldsAsync(
        () => Task.FromResult(Output.Concat(Errors).Any(line => line.Contains(text, StringComparison.Ordinal))), () => $"'{text}'. {Story}", Patience);

    /// <summary>Waits until the process of a project answers /health with 200, at its own port.</summary>
    public async Task WaitUntilHealthyAsync(string project)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return Find(project)?.Variable("ASPNETCORE_URLS") is { } url && (await http.GetAsync($"{url}/health")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"{project} to be healthy. {Story}",
            Patience);
    }

    /// <summary>The process of a project, but not the one that migrates.</summary>
    public MarkedProcess? Find(string project) => _folder.Processes().FirstOrDefault(process =>
        process.CommandLine.Contains($"{project}.dll", StringComparison.Ordinal) && process.Name == "dotnet" && !process.CommandLine.EndsWith(" migrate", StringComparison.Ordinal));

    /// <summary>A client with the credential that was printed.</summary>
    public HttpClient Client(string? credential = null) => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = new Uri(Api),
        Timeout = Patience,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", credential ?? Credential) },
    };

    public static IPrintCraftApi Of(HttpClient client) => RestService.For<IPrintCraftApi>(client, PrintCraftClient.Settings);

    /// <summary>Follows its events to the last.</summary>
    public async Task<Generation> WaitUntilFinalAsync(Guid id)
    {
        using var client = Client();
        using var patience = new CancellationTokenSource(Patience);
        // Not by polling: such a run limits its callers as any other does.
        await foreach (var _ in Of(client).FollowAsync(id, patience.Token))
        {
        }

        return await Of(client).GetGenerationAsync(id, CancellationToken.None);
    }

    public static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
        using var response = await http.GetAsync(url);
        return response.StatusCode;
    }

    private string Said(Regex line) => Output.Select(one => line.Match(one)).Single(match => match.Success).Groups[1].Value;

    [GeneratedRegex(@"^  API         (http://localhost:\d+)$")]
    private static partial Regex ApiLine();

    [GeneratedRegex(@"^  Dashboard   (http://localhost:\d+/login\?t=\w+)$")]
    private static partial Regex DashboardLine();

    [GeneratedRegex(@"^  Credential  (pcdev_dev\.\w{64})   \(user dev, for this run\)$")]
    private static partial Regex CredentialLine();
}
