using System.Collections.Concurrent;
using System.Text;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PrintCraft.Tests.Telemetry;

/// <summary>Takes what processes export, as a collector would (https://opentelemetry.io/docs/specs/otlp/#otlphttp), and keeps it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> _received = new();

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request, CancellationToken cancellationToken) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, cancellationToken);
            _received.Enqueue((signal, body.ToArray()));
        });
    }

    /// <summary>What a process needs to send here, often.</summary>
    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var receiver = new OtlpReceiver(builder.Build());
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Of metrics: every point as it was received, in order.</summary>
    public IEnumerable<OtlpPoint> Points(string metric) => Bodies("metrics").SelectMany(OtlpPoint.Read).Where(point => point.Metric == metric);

    /// <summary>The newest point of each series of each process.</summary>
    public IReadOnlyList<OtlpPoint> Newest(string metric) => [.. Points(metric).GroupBy(point => (point.Series, point.Start)).Select(series => series.Last())];

    /// <summary>What counters stand at, over all processes, by their labels.</summary>
    public IReadOnlyDictionary<string, double> Totals(string metric) => Newest(metric).GroupBy(point => point.Series).ToDictionary(series => series.Key, series => series.Sum(point => point.Value));

    /// <summary>How often a text stands in what was received of traces, logs or metrics.</summary>
    public int Occurrences(string signal, string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return Bodies(signal).Count(body => body.AsSpan().IndexOf(wanted) >= 0);
    }

    public int Count(string signal) => Bodies(signal).Count();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<byte[]> Bodies(string signal) => _received.Where(one => one.Signal == signal).Select(one => one.Body);
}
