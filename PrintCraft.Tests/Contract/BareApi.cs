using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Operations;

namespace PrintCraft.Tests.Contract;

/// <summary>The API alone, without the servers behind it: enough for what it says about itself.</summary>
public sealed class BareApi : IAsyncLifetime
{
    public const string Studio = "https://studio.example.com";
    private const string Key = "a key of thirty-two characters !";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<ProgramProcess> _processes = [];

    /// <summary>In Production, as most of it must be; two web pages may call it.</summary>
    public HttpClient Production { get; private set; } = null!;

    /// <summary>In Development, with a development key.</summary>
    public HttpClient Development { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Production = await StartAsync("Production", ("Cors__AllowedOrigins__0", Studio), ("Cors__AllowedOrigins__1", "http://localhost:5173"));
        Development = await StartAsync("Development", ("Identity__DevelopmentKey", Key));
    }

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }
    }

    private async Task<HttpClient> StartAsync(string environment, params (string Name, string? Value)[] settings)
    {
        var all = ServiceStartTests.Settings(environment);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var process = ProgramProcess.Start("PrintCraft.Api", all);
        _processes.Add(process);
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(all["ASPNETCORE_URLS"]!), Timeout = Limit };
        await Eventually.HoldsAsync(() => IsAliveAsync(http), () => $"the process to be alive. {process.Story}", Limit);
        return http;
    }

    private static async Task<bool> IsAliveAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/alive");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}

[CollectionDefinition(nameof(BareApi))]
public sealed class BareApiTests : ICollectionFixture<BareApi>;
