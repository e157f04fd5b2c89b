using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;

using Microsoft.Extensions.Hosting.Internal;

using PrintCraft.AppHost.Commands;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Operations;

/// <summary>The API and the worker as processes of their own, without the AppHost: wrong settings, and no database.</summary>
public sealed class ServiceStartTests
{
    private const string Key = "a key of thirty-two characters !";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("PrintCraft.Api", "Identity__DevelopmentKey", Key, "Identity:DevelopmentKey is set, but the development credential works only in Development and Testing. Remove it.")]
    [InlineData("PrintCraft.Api", "Replicate__Token", null, "Replicate:Token is missing")]
    [InlineData("PrintCraft.Api", "Images__SigningKey", null, "Images:SigningKey is missing")]
    [InlineData("PrintCraft.Api", "PRINTCRAFT_FAILPOINT", "A1", "PRINTCRAFT_FAILPOINT is set, but failpoints work only in Testing. Remove it.")]
    [InlineData("PrintCraft.Api", "PRINTCRAFT_CLOCK_SKEW", "00:10:00", "PRINTCRAFT_CLOCK_SKEW is set, but a wrong clock is only for Testing. Remove it.")]
    [InlineData("PrintCraft.Api", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099", "FIREBASE_AUTH_EMULATOR_HOST is set, but with it anybody can make tokens: it works only in Development and Testing. Remove it.")]
    [InlineData("PrintCraft.Api", "Firebase__GoogleAddress", "http://127.0.0.1:9099", "Firebase:GoogleAddress is set, but who answers instead of Google can make tokens: it works only in Development and Testing. Remove it.")]
    [InlineData("PrintCraft.Worker", "PRINTCRAFT_FAILPOINT", "W4", "PRINTCRAFT_FAILPOINT is set, but failpoints work only in Testing. Remove it.")]
    [InlineData("PrintCraft.Worker", "Replicate__Token", null, "Replicate:Token is missing")]
    [InlineData("PrintCraft.Worker", "Images__Folder", null, "Images:Folder is missing")]
    public async Task In_production_a_wrong_setting_ends_the_process_with_one_line(string project, string setting, string? value, string expected)
    {
        var environment = Settings("Production");
        environment[setting] = value;
        await using var process = ProgramProcess.Start(project, environment);

        var (code, _) = await process.EndAsync(Limit);

        Assert.True(code == 1, $"Exit code {code}. {process.Story}");
        var line = Assert.Single(process.Errors);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, line, StringComparison.Ordinal);
        Assert.True(process.Output.Count == 0, process.Story);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("purge-queue")]
    public async Task A_verb_that_destroys_refuses_in_production(string verb)
    {
        await using var process = ProgramProcess.Start("PrintCraft.Worker", Settings("Production"), verb);

        var (code, _) = await process.EndAsync(Limit);

        Assert.True(code == 2, $"Exit code {code}. {process.Story}");
        Assert.Equal($"{verb} works in Development and Testing only; this is Production (ASPNETCORE_ENVIRONMENT).", Assert.Single(process.Errors));
    }

    [Fact]
    public void Commands_for_developers_are_there_in_Development_and_Testing_only()
    {
        string[] environments = ["Development", "Testing", "Staging", "Production"];

        Assert.Equal([true, true, false, false], environments.Select(name => DevelopmentCommand.IsAvailable(new HostingEnvironment { EnvironmentName = name })));
    }

    [Fact]
    public async Task Without_Postgres_the_api_starts_stays_alive_and_says_503_with_Retry_After()
    {
        var environment = Settings("Testing");
        environment["Identity__DevelopmentKey"] = Key;
        await using var process = ProgramProcess.Start("PrintCraft.Api", environment);
        using var http = new HttpClient { BaseAddress = new Uri(environment["ASPNETCORE_URLS"]!), Timeout = Limit };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", DevelopmentCredential.Mint(Key, "someone"));

        await Eventually.HoldsAsync(async () => await StatusAsync(http, "/alive") == HttpStatusCode.OK, () => $"the process to be alive. {process.Story}", Limit);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(http, "/health"));
        using var answer = await http.GetAsync("/api/v1/generations");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("5", answer.Headers.RetryAfter?.ToString());
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("service_unavailable", problem.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/alive"));
        process.Send(ProgramProcess.Terminate);
        Assert.Equal(0, (await process.EndAsync(Limit)).Code);
    }

    [Fact]
    public async Task Without_Postgres_the_migration_ends_with_one_line()
    {
        await using var process = ProgramProcess.Start("PrintCraft.Worker", Settings("Production"), "migrate");

        var (code, _) = await process.EndAsync(Limit);

        Assert.True(code == 1, $"Exit code {code}. {process.Story}");
        var line = Assert.Single(process.Output.Concat(process.Errors), line => line.Contains("database", StringComparison.OrdinalIgnoreCase) && !line.StartsWith("fail:", StringComparison.Ordinal));
        Assert.Matches(@"The database cannot be migrated: .+\. Check ConnectionStrings:printcraftdb and that Postgres runs\.$", line);
        Assert.Single(process.Output, line => line.StartsWith("fail:", StringComparison.Ordinal));
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Everything that a process needs, with nothing behind the addresses.</summary>
    internal static Dictionary<string, string?> Settings(string environment) => new()
    {
        ["ASPNETCORE_ENVIRONMENT"] = environment,
        ["DOTNET_ENVIRONMENT"] = null,
        ["ASPNETCORE_URLS"] = $"http://localhost:{FreePort()}",
        ["ConnectionStrings__printcraftdb"] = $"Host=localhost;Port={FreePort()};Username=nobody;Password=none;Database=nothing",
        ["ConnectionStrings__redis"] = $"localhost:{FreePort()}",
        ["ConnectionStrings__rabbitmq"] = $"amqp://localhost:{FreePort()}",
        ["Identity__DevelopmentKey"] = null,
        ["Images__Folder"] = Path.GetTempPath(),
        ["Images__SigningKey"] = Key,
        ["Replicate__Token"] = "r8_nothing",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = null,
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
