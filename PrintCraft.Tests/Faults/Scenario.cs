using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Operations;

using Refit;

using Xunit.Sdk;

namespace PrintCraft.Tests.Faults;

/// <summary>What runs in a scenario.</summary>
public sealed record ScenarioPlan
{
    public int Apis { get; init; } = 1;

    public int Workers { get; init; } = 1;

    /// <summary>Without webhooks polling alone finishes the jobs.</summary>
    public bool HasWebhooks { get; init; } = true;

    /// <summary>Added to the settings of every API and worker.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}

/// <summary>
/// PrintCraft's real processes, few and fast: APIs and workers with leases, waits and grace times of seconds, on a database, a vhost and an
/// image folder of their own, behind proxies that break. The provider is the shared graph's simulator; a tag in the prompt tells it what goes wrong.
/// </summary>
public sealed class Scenario : IAsyncDisposable
{
    /// <summary>Of development credentials, and of images unless the plan says otherwise.</summary>
    internal const string DevelopmentKey = "the key of a scenario, of thirty-two and more";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Scenarios that run at a time: more processes than that, and seconds are no measure of anything any more.</summary>
    private static readonly SemaphoreSlim Places = new(Math.Max(2, Environment.ProcessorCount));

    private readonly ScenarioServers _servers;
    private readonly HttpClient _simulator;
    private readonly string _folder = Directory.CreateTempSubdirectory("printcraft-fault-").FullName;
    private readonly ConcurrentDictionary<Guid, bool> _accepted = new();

    private Scenario(ScenarioServers servers, Uri simulator, ScenarioPlan plan)
    {
        _servers = servers;
        _simulator = new HttpClient { BaseAddress = simulator, Timeout = TimeSpan.FromSeconds(30) };
        Replicate = TcpProxy.To(simulator.Host, simulator.Port);
        var addresses = Enumerable.Range(0, plan.Apis).Select(_ => FreeAddress()).ToList();
        Apis = [.. addresses.Select((address, index) => new Service("PrintCraft.Api", $"api {index}", address, Settings(address, addresses[0], plan)))];
        Workers =
        [
            .. Enumerable.Range(0, plan.Workers).Select(index =>
            {
                var address = FreeAddress();
                return new Service("PrintCraft.Worker", $"worker {index}", address, Settings(address, plan.HasWebhooks ? addresses[0] : null, plan));
            }),
        ];
    }

    /// <summary>Whose servers and simulator.</summary>
    public static Func<Task<PrintCraftApp>> Graph { get; set; } = PrintCraftApp.GetAsync;

    public IReadOnlyList<Service> Apis { get; }

    public IReadOnlyList<Service> Workers { get; }

    public Service Api => Apis[0];

    public Service Worker => Workers[0];

    public TcpProxy Postgres => _servers.Postgres;

    public TcpProxy RabbitMq => _servers.RabbitMq;

    public TcpProxy Redis => _servers.Redis;

    public TcpProxy Replicate { get; }

    /// <summary>The database, past its proxy.</summary>
    public Database Sql => _servers.Sql;

    internal ScenarioServers Servers => _servers;

    public string ImageFolder => Path.Combine(_folder, "images");

    /// <summary>Everything runs and is healthy.</summary>
    public static async Task<Scenario> StartAsync(ScenarioPlan? plan = null)
    {
        var scenario = await PrepareAsync(plan);
        await Task.WhenAll(scenario.Apis.Concat(scenario.Workers).Select(service => service.StartAsync()));
        return scenario;
    }

    /// <summary>Everything is there and nothing runs yet.</summary>
    public static async Task<Scenario> PrepareAsync(ScenarioPlan? plan = null)
    {
        using var simulator = (await Graph()).Http("replicate");
        await Places.WaitAsync();
        return new Scenario(await ScenarioServers.CreateAsync(), simulator.BaseAddress!, plan ?? new());
    }

    /// <summary>A user nobody else has, with 50 credits.</summary>
    public TestUser NewUser(int api = 0) => User($"fault-{Guid.CreateVersion7():n}", api);

    public TestUser User(string name, int api = 0)
    {
        var credential = DevelopmentCredential.Mint(DevelopmentKey, name);
        var http = new HttpClient { BaseAddress = Apis[api].Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        return new TestUser(DevelopmentCredential.UserId(name), credential, http, RestService.For<IPrintCraftApi>(http, PrintCraftClient.Settings));
    }

    /// <summary>Orders one small image, for one credit.</summary>
    /// <param name="faults">What the simulator does to it, as <c>status=429 times=2</c>; several, also in one text with semicolons, for one create after the other.</param>
    public async Task<Guid> OrderAsync(TestUser user, params string[] faults) => await OrderAsync(user, new NewGeneration(Prompt(faults), Options: new("draft", 512, 512)));

    public async Task<Guid> OrderAsync(TestUser user, NewGeneration order)
    {
        var answer = await user.PostUntilDecidedAsync(order, $"{Guid.NewGuid()}");
        if (answer.Status != HttpStatusCode.Created)
        {
            throw new XunitException($"{answer} {Story()}");
        }

        Accepted(answer.Id);
        return answer.Id;
    }

    /// <summary>A prompt that no other order has: the simulator counts by it.</summary>
    public static string Prompt(params string[] faults) =>
        $"a pier {Guid.CreateVersion7():n}{string.Concat((faults.Length == 0 ? ["slow=0.3"] : faults).SelectMany(fault => fault.Split(';')).Select(fault => $" [sim: {fault.Trim()}]"))}";

    /// <summary>The caller was told that this job was taken: it must not be lost.</summary>
    public void Accepted(Guid id) => _accepted[id] = true;

    /// <summary>The row of a job, as status|error|charged|refunded.</summary>
    public async Task<string> OutcomeAsync(Guid id) =>
        (await Sql.ListAsync("SELECT status, error_code, charged, refunded FROM generations WHERE id = $1", id)).SingleOrDefault() ?? "no such job";

    /// <summary>Waits until the job is final; answers status|error|charged|refunded.</summary>
    public async Task<string> EndAsync(Guid id, TimeSpan? limit = null)
    {
        await Eventually.HoldsAsync(
            async () => await Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE id = $1 AND completed_at IS NOT NULL", id) == 1,
            () => $"generation {id} to end. {Story()}",
            limit ?? Limit);
        return await OutcomeAsync(id);
    }

    /// <summary>Waits until the database says so.</summary>
    public Task UntilAsync(string condition, params object[] values) => Eventually.HoldsAsync(
        async () => await Sql.ScalarAsync<bool>($"SELECT {condition}", values), () => $"{condition}. {Story()}", Limit);

    /// <summary>Predictions that were bought for the job.</summary>
    public async Task<int> SpendAsync(Guid id) => (await SpendLinesAsync($"job={id}")).Count;

    /// <summary>What became of the predictions that were bought for the job.</summary>
    public async Task<IReadOnlyList<string?>> RunsAsync(Guid id) => [.. (await SpendLinesAsync($"job={id}")).Select(line => line.GetProperty("status").GetString())];

    /// <summary>Predictions that were bought for all jobs.</summary>
    public async Task<int> SpendAsync() => (await SpendLinesAsync(Api.Address.ToString())).Count;

    private async Task<IReadOnlyList<JsonElement>> SpendLinesAsync(string webhookContains) =>
        [.. (await _simulator.GetFromJsonAsync<JsonElement>($"/simulator/spend?webhook-contains={Uri.EscapeDataString(webhookContains)}")).EnumerateArray()];

    /// <summary>The closing assertion of every test: all jobs end, and I1 to I10 hold.</summary>
    public async Task AssertInvariantsAsync(TimeSpan? limit = null)
    {
        await Eventually.HoldsAsync(
            async () => await Sql.ScalarAsync<long>("SELECT (SELECT count(*) FROM generations WHERE completed_at IS NULL) + (SELECT count(*) FROM outbox WHERE sent_at IS NULL)") == 0,
            () => $"every job to end and every message to be sent (I5, I8). {Story()}",
            limit ?? Limit);
        var broken = await new Invariants(Sql, ImageFolder, _simulator).BrokenAsync(_accepted.Keys);
        if (broken.Count > 0)
        {
            throw new XunitException($"{string.Join(Environment.NewLine, broken)}{Environment.NewLine}{Story()}");
        }
    }

    /// <summary>What the product's own checker says (<c>PrintCraft.Worker check-invariants</c>); empty when all holds.</summary>
    public async Task<string> CheckByCommandAsync()
    {
        await using var command = ProgramProcess.Start("PrintCraft.Worker", Settings(Api.Address, null, new()), "check-invariants");
        return (await command.EndAsync(Limit)).Code == 0 ? "" : command.Story;
    }

    /// <summary>The rows and the last lines of every process, for a failing test's message.</summary>
    public string Story()
    {
        string rows;
        try
        {
            rows = string.Join(Environment.NewLine, Invariants.RowsAsync(Sql).GetAwaiter().GetResult());
        }
        catch (Npgsql.NpgsqlException exception)
        {
            rows = exception.Message;
        }

        return string.Join(Environment.NewLine, Apis.Concat(Workers).Select(service => service.Story).Prepend(rows).Prepend(""));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Apis.Concat(Workers).Select(service => service.DisposeAsync().AsTask()));
        await Replicate.DisposeAsync();
        await _servers.DisposeAsync();
        _simulator.Dispose();
        Directory.Delete(_folder, recursive: true);
        Places.Release();
    }

    private Dictionary<string, string?> Settings(Uri address, Uri? webhooks, ScenarioPlan plan)
    {
        var settings = new Dictionary<string, string?>(ScenarioSettings.Short)
        {
            ["ASPNETCORE_URLS"] = address.ToString(),
            ["ConnectionStrings__printcraftdb"] = _servers.PostgresConnection,
            ["ConnectionStrings__redis"] = _servers.RedisConnection,
            ["ConnectionStrings__rabbitmq"] = _servers.RabbitMqConnection,
            ["Identity__DevelopmentKey"] = DevelopmentKey,
            ["Images__Folder"] = ImageFolder,
            ["Images__SigningKey"] = DevelopmentKey,
            ["Replicate__BaseAddress"] = $"http://127.0.0.1:{Replicate.Port}",
            ["Replicate__Token"] = "r8_simulator",
            ["Replicate__DeliveryHosts__0"] = "127.0.0.1",
            ["Replicate__WebhookBaseUrl"] = webhooks?.ToString(),
        };
        foreach (var (name, value) in plan.Settings)
        {
            settings[name] = value;
        }

        return settings;
    }

    private static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
