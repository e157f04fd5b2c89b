using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Security.Claims;

using Microsoft.AspNetCore.Diagnostics;

using PrintCraft.ServiceDefaults;

namespace PrintCraft.Api.Telemetry;

/// <summary>
/// One log line and one measurement per request, when it has ended. No body, query string or header is in them: signatures of images, tokens of webhooks
/// and credentials travel there. Health probes are left out. A stream of events counts with the time that it was open: its route tells it apart.
/// </summary>
internal sealed partial class RequestTelemetry(IMeterFactory meters, TimeProvider time, ILogger<RequestTelemetry> logger)
{
    /// <summary>Of a request that no route takes. Its path is not a label: callers choose it.</summary>
    private const string NoRoute = "unknown";

    private const int LongestPath = 256;

    private readonly Histogram<double> _duration = meters.Create("PrintCraft.Http").CreateHistogram(
        "http_request_duration_ms",
        "ms",
        "Duration of HTTP requests in ms",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 5, 15, 50, 100, 500] });

    public RequestDelegate Around(RequestDelegate next) => context => Probes.IsProbe(context) ? next(context) : ObserveAsync(context, next);

    private async Task ObserveAsync(HttpContext context, RequestDelegate next)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Tell(context, time.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private void Tell(HttpContext context, double duration)
    {
        var (method, route, status) = (Known(context.Request.Method), RouteOf(context), context.Response.StatusCode);
        _duration.Record(
            duration,
            new("method", method),
            new("route", route),
            new("status", status.ToString(CultureInfo.InvariantCulture)));
        if (logger.IsEnabled(LogLevel.Information))
        {
            Ended(
                logger,
                method,
                PathOf(context.Request.Path),
                context.User.FindFirstValue(ClaimTypes.NameIdentifier),
                Math.Round(duration, 1),
                status,
                route,
                Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier);
        }
    }

    /// <summary>A caller may write any word as the method; as a label each would be a series of its own.</summary>
    private static string Known(string method) => method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" ? method : "_OTHER";

    /// <summary>The exception handler takes the endpoint away and keeps it in its feature.</summary>
    private static string RouteOf(HttpContext context) =>
        ((context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText ?? NoRoute;

    /// <summary>Percent-encoded: line breaks, escape codes and bidi marks reach no terminal.</summary>
    private static string PathOf(PathString path) => path.ToUriComponent() is var text && text.Length > LongestPath ? $"{text[..LongestPath]}…" : text;

    // The names of the fields are those of the log lines that the product's clients and dashboards were promised; hence lower case.
    [LoggerMessage(LogLevel.Information, "API request {method} {path} {userId} {duration} {status} {route} {requestId}")]
    private static partial void Ended(ILogger logger, string method, string path, string? userId, double duration, int status, string route, string requestId);
}
