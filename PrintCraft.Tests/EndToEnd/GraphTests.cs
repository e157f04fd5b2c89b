using System.Diagnostics;

using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

using Microsoft.Extensions.Diagnostics.HealthChecks;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.EndToEnd;

/// <summary>The graph as the AppHost describes it: health, and what it gives to its processes (as real Aspire does).</summary>
public sealed class GraphTests
{
    private static readonly string[] Programs = ["postgres", "redis-server", "beam.smp", "epmd", "dotnet", "aspire-managed"];

    [Theory]
    [InlineData("postgres")]
    [InlineData("printcraftdb")]
    [InlineData("redis")]
    [InlineData("rabbitmq")]
    [InlineData("api")]
    [InlineData("worker")]
    [InlineData("replicate")]
    public async Task Every_resource_is_running_and_healthy(string resource)
    {
        var app = await PrintCraftApp.GetAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var state = await app.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, timeout.Token);

        Assert.Equal((KnownResourceStates.Running, HealthStatus.Healthy), (state.Snapshot.State?.Text, state.Snapshot.HealthStatus));
    }

    [Fact]
    public async Task The_migrations_ran_to_completion()
    {
        var app = await PrintCraftApp.GetAsync();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));

        var state = await app.App.ResourceNotifications.WaitForResourceAsync("migrations", resource => resource.Snapshot.State?.Text == KnownResourceStates.Finished, timeout.Token);

        Assert.Equal(0, state.Snapshot.ExitCode);
    }

    [Theory]
    [InlineData("api", "/health")]
    [InlineData("api", "/alive")]
    [InlineData("worker", "/health")]
    [InlineData("worker", "/alive")]
    [InlineData("replicate", "/health")]
    [InlineData("api", "/openapi/v1.json")]
    [InlineData("api", "/docs")]
    [InlineData("api", "/errors")]
    public async Task Every_link_answers(string resource, string path)
    {
        var app = await PrintCraftApp.GetAsync();

        Assert.Equal(System.Net.HttpStatusCode.OK, (await app.Http(resource).GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task The_api_gets_the_variables_that_real_Aspire_injects()
    {
        var app = await PrintCraftApp.GetAsync();
        var environment = await EnvironmentAsync(app, "api");
        var instance = InstanceOf(app, "api");

        Assert.Equal("Testing", environment["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("http", environment["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("true", environment["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"]);
        Assert.Equal("simple", environment["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.Equal("api", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal($"service.instance.id={instance["api-".Length..]}", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("in_memory", environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"]);
        Assert.False(environment.ContainsKey("DOTNET_ENVIRONMENT"));
        Assert.False(environment.ContainsKey("OTEL_TRACES_SAMPLER"), "only in Development");

        // The process listens on a port of its own behind the public one.
        var own = new Uri(environment["ASPNETCORE_URLS"]);
        Assert.NotEqual(app.App.GetEndpoint("api", "http").Port, own.Port);
        Assert.Equal("localhost", own.Host);

        var simulator = app.App.GetEndpoint("replicate", "http").ToString().TrimEnd('/');
        Assert.Equal((simulator, simulator), (environment["services__replicate__http__0"], environment["REPLICATE_HTTP"]));

        var database = (await app.App.GetConnectionStringAsync("printcraftdb"))!;
        Assert.Equal(database, environment["ConnectionStrings__printcraftdb"]);
        Assert.Equal("printcraftdb", environment["PRINTCRAFTDB_DATABASENAME"]);
        Assert.Equal($"Host={environment["PRINTCRAFTDB_HOST"]};Port={environment["PRINTCRAFTDB_PORT"]};Username={environment["PRINTCRAFTDB_USERNAME"]};Password={environment["PRINTCRAFTDB_PASSWORD"]};Database=printcraftdb", database);
        Assert.Equal($"postgresql://postgres:{environment["PRINTCRAFTDB_PASSWORD"]}@localhost:{environment["PRINTCRAFTDB_PORT"]}/printcraftdb", environment["PRINTCRAFTDB_URI"]);
        Assert.Equal($"jdbc:postgresql://localhost:{environment["PRINTCRAFTDB_PORT"]}/printcraftdb", environment["PRINTCRAFTDB_JDBCCONNECTIONSTRING"]);

        Assert.Equal($"localhost:{environment["REDIS_PORT"]},password={environment["REDIS_PASSWORD"]}", environment["ConnectionStrings__redis"]);
        Assert.Equal($"redis://:{environment["REDIS_PASSWORD"]}@localhost:{environment["REDIS_PORT"]}", environment["REDIS_URI"]);
        Assert.Equal(22, environment["REDIS_PASSWORD"].Length);
    }

    [Fact]
    public async Task The_worker_gets_the_broker_and_no_launch_profile()
    {
        var app = await PrintCraftApp.GetAsync();
        var environment = await EnvironmentAsync(app, "worker");

        Assert.Equal($"amqp://guest:{environment["RABBITMQ_PASSWORD"]}@localhost:{environment["RABBITMQ_PORT"]}", environment["ConnectionStrings__rabbitmq"]);
        Assert.Equal(environment["ConnectionStrings__rabbitmq"], environment["RABBITMQ_URI"]);
        Assert.Equal(("localhost", "guest"), (environment["RABBITMQ_HOST"], environment["RABBITMQ_USERNAME"]));
        Assert.Equal(app.App.GetEndpoint("api", "http").ToString().TrimEnd('/'), environment["Replicate__WebhookBaseUrl"]);
        Assert.False(environment.ContainsKey("DOTNET_LAUNCH_PROFILE"));
    }

    [Fact]
    public async Task Everything_listens_on_loopback_only()
    {
        await PrintCraftApp.GetAsync();
        using var process = Process.Start(new ProcessStartInfo("ss", "-Hltnp") { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        var servers = output.Split('\n').Where(line => Programs.Any(program => line.Contains($"\"{program}\"", StringComparison.Ordinal)));
        Assert.All(servers, line => Assert.Matches(@"\s(127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:127\.0\.0\.1\]):\d+\s", line));
    }

    private static string InstanceOf(PrintCraftApp app, string resource) =>
        app.App.ResourceNotifications.TryGetCurrentState(resource, out var state) ? state.ResourceId : throw new InvalidOperationException($"No {resource}.");

    /// <summary>What the process really got, from the operating system.</summary>
    private static async Task<Dictionary<string, string>> EnvironmentAsync(PrintCraftApp app, string resource)
    {
        var process = await Processes.IdOfAsync(app, resource);
        var variables = (await File.ReadAllTextAsync($"/proc/{process}/environ")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return variables.Select(variable => variable.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
