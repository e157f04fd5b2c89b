using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PrintCraft.ReplicateSimulator;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>The simulator on a free port of this process, and intents to use it by its wire.</summary>
internal sealed class RunningSimulator : IAsyncDisposable
{
    public const string Sdxl = "7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc";
    public const string Quick = "Simulator:Latency=00:00:00.05";

    /// <summary>A create that costs little.</summary>
    public static readonly object SmallLake = new { version = Sdxl, input = new { prompt = "a lake", width = 64, height = 64 } };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly WebApplication _app;

    private RunningSimulator(WebApplication app)
    {
        _app = app;
        // Somebody outside: the telemetry of this process, which is the simulator's, must not write trace headers of its own.
        Http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = new Uri(app.Urls.Single()) };
        Http.DefaultRequestHeaders.Add("Authorization", "Bearer r8_test");
    }

    public HttpClient Http { get; }

    public static async Task<RunningSimulator> StartAsync(params string[] settings) => await StartAsync("Testing", settings);

    public static async Task<RunningSimulator> StartAsync(string environment, string[] settings)
    {
        var app = SimulatorApp.Build(
        [
            "--urls=http://127.0.0.1:0", $"--environment={environment}", "--Logging:LogLevel:Default=Warning",
            .. settings.Select(setting => $"--{setting}"),
        ]);
        await app.StartAsync();
        return new(app);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Http.SendAsync(request);
    }

    public Task<JsonElement> CreateAsync(
        object? input = null, string? webhook = null, string[]? filter = null, params (string Name, string Value)[] headers) =>
        CreateAsync(new Dictionary<string, object?>
        {
            ["version"] = Sdxl,
            ["input"] = input ?? new { prompt = "a lake", width = 64, height = 64 },
            ["webhook"] = webhook,
            ["webhook_events_filter"] = filter,
        }.Where(member => member.Value is not null).ToDictionary(), headers);

    public async Task<JsonElement> CreateAsync(object body, (string Name, string Value)[] headers)
    {
        using var answer = await PostAsync("/v1/predictions", body, headers);
        Assert.Equal(201, (int)answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public Task<JsonElement> GetAsync(JsonElement prediction) =>
        Http.GetFromJsonAsync<JsonElement>(prediction.GetProperty("urls").GetProperty("get").GetString());

    public async Task<JsonElement> WaitForEndAsync(JsonElement prediction)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            var now = await GetAsync(prediction);
            if (now.Status() is not ("starting" or "processing"))
            {
                return now;
            }

            Assert.True(began.Elapsed < Patience, $"Still not ended after {Patience}: {now}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    /// <summary>The refusal in an answer that must be one.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, int status)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}

/// <summary>A web server that keeps what it is sent and answers as told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();
    private readonly WebApplication _app;

    private Receiver(WebApplication app) => _app = app;

    public Func<Delivery, IResult> Answer { get; set; } = _ => Results.NoContent();

    public string Url => $"{_app.Urls.Single()}/hook?job=1";

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.MapPost("/{**path}", receiver.ReceiveAsync);
        app.MapGet("/{**path}", receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Deliveries that nobody took yet.</summary>
    public int Waiting => _deliveries.Reader.Count;

    public async Task<Delivery> NextAsync() => await _deliveries.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>Everything up to the delivery of the terminal state.</summary>
    public async Task<List<Delivery>> UntilEndAsync()
    {
        var all = new List<Delivery>();
        do
        {
            all.Add(await NextAsync());
        }
        while (all[^1].Prediction.Status() is "starting" or "processing");

        return all;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var delivery = new Delivery(request.Path + request.QueryString, headers, body.ToArray(), Stopwatch.GetTimestamp());
        await _deliveries.Writer.WriteAsync(delivery);
        return Answer(delivery);
    }
}

internal sealed record Delivery(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, long At)
{
    public JsonElement Prediction => JsonElement.Parse(Body);
}

internal static class PredictionJson
{
    public static string Status(this JsonElement prediction) => prediction.GetProperty("status").GetString()!;

    public static string Id(this JsonElement prediction) => prediction.GetProperty("id").GetString()!;
}
