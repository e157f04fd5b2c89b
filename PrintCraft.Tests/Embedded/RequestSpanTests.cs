using System.Diagnostics;
using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using OpenTelemetry;
using OpenTelemetry.Trace;

using PrintCraft.ServiceDefaults;

namespace PrintCraft.Tests.Embedded;

/// <summary>
/// The spans of incoming requests and of calls to servers. Alone: the instrumentation hears every web application of this process.
/// </summary>
[Collection(nameof(RequestSpanTests))]
[CollectionDefinition(nameof(RequestSpanTests), DisableParallelization = true)]
public sealed class RequestSpanTests
{
    [Fact]
    public async Task A_request_is_named_after_its_route_and_carries_what_came_and_what_went()
    {
        await using var web = await Web.StartAsync();

        var span = await web.GetAsync("/items/7?token=secret&x=1", HttpStatusCode.OK);

        Assert.Equal(("GET /items/{id}", ActivityKind.Server, ActivityStatusCode.Unset), (span.DisplayName, span.Kind, span.Status));
        Assert.Equal(("GET", "/items/{id}", 200), (span.GetTagItem("http.request.method"), span.GetTagItem("http.route"), span.GetTagItem("http.response.status_code")));
        Assert.Equal(("http", "/items/7", "?token=Redacted&x=Redacted"), (span.GetTagItem("url.scheme"), span.GetTagItem("url.path"), span.GetTagItem("url.query")));
        Assert.Equal(("127.0.0.1", web.Port, "1.1"), (span.GetTagItem("server.address"), span.GetTagItem("server.port"), span.GetTagItem("network.protocol.version")));
        Assert.Equal("tests", span.GetTagItem("user_agent.original"));
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_path_that_nobody_serves_has_no_route_and_is_the_callers_mistake()
    {
        await using var web = await Web.StartAsync();

        var span = await web.GetAsync("/nowhere", HttpStatusCode.NotFound);

        Assert.Equal(("GET", 404, ActivityStatusCode.Unset), (span.DisplayName, span.GetTagItem("http.response.status_code"), span.Status));
        Assert.Null(span.GetTagItem("http.route"));
    }

    [Fact]
    public async Task An_exception_that_nobody_handles_is_an_error_with_its_type_and_story()
    {
        await using var web = await Web.StartAsync();

        var span = await web.GetAsync("/boom", HttpStatusCode.InternalServerError);

        Assert.Equal(("GET /boom", 500, ActivityStatusCode.Error), (span.DisplayName, span.GetTagItem("http.response.status_code"), span.Status));
        Assert.Equal(typeof(TimeZoneNotFoundException).FullName, span.GetTagItem("error.type"));
        Assert.Contains("lost", Assert.Single(span.Events, fact => fact.Name == "exception").Tags.Single(tag => tag.Key == "exception.message").Value!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handled_exception_is_the_same_error()
    {
        await using var web = await Web.StartAsync(app => app.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask)));

        var span = await web.GetAsync("/boom", HttpStatusCode.InternalServerError);

        Assert.Equal(("GET /boom", ActivityStatusCode.Error), (span.DisplayName, span.Status));
        Assert.Equal(typeof(TimeZoneNotFoundException).FullName, span.GetTagItem("error.type"));
        Assert.Single(span.Events, fact => fact.Name == "exception");
    }

    [Fact]
    public async Task The_callers_trace_goes_on()
    {
        await using var web = await Web.StartAsync();
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

        var span = await web.GetAsync("/items/7", HttpStatusCode.OK, $"00-{caller.TraceId}-{caller.SpanId}-01");

        Assert.Equal((caller.TraceId, caller.SpanId), (span.TraceId, span.ParentSpanId));
    }

    [Fact]
    public async Task Health_requests_make_no_span()
    {
        await using var web = await Web.StartAsync();

        await web.SendAsync("/health", HttpStatusCode.OK, null);
        await web.SendAsync("/alive", HttpStatusCode.OK, null);
        await web.GetAsync("/items/7", HttpStatusCode.OK);

        Assert.Equal(["GET /items/{id}"], web.Spans.Where(span => span.Kind == ActivityKind.Server).Select(span => span.DisplayName));
    }

    [Fact]
    public async Task A_call_to_another_server_is_a_client_span_below_the_request()
    {
        await using var web = await Web.StartAsync();

        var span = await web.GetAsync("/relay", HttpStatusCode.OK);

        var call = Assert.Single(web.Spans, one => one.Kind == ActivityKind.Client && one.ParentSpanId == span.SpanId);
        Assert.Equal(("GET", 200, web.Port), (call.GetTagItem("http.request.method"), call.GetTagItem("http.response.status_code"), call.GetTagItem("server.port")));
        Assert.Single(web.Spans, one => one.Kind == ActivityKind.Server && one.ParentSpanId == call.SpanId);
    }

    /// <summary>A web application with the product's telemetry, which ends in a list.</summary>
    private sealed class Web : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly HttpClient _http;
        private readonly KeptSpans _spans;

        private Web(WebApplication app, KeptSpans spans)
        {
            (_app, _spans) = (app, spans);
            _http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        }

        public int Port => _http.BaseAddress!.Port;

        /// <summary>Those of this application.</summary>
        public List<Activity> Spans => _spans.Where(span => Equals(span.GetTagItem("server.port"), Port));

        public static async Task<Web> StartAsync(Action<WebApplication>? configure = null)
        {
            var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--environment=Testing"]);
            builder.Logging.ClearProviders();
            builder.AddServiceDefaults();
            var spans = new KeptSpans();
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.SetSampler(new AlwaysOnSampler()).AddProcessor(new SimpleActivityExportProcessor(spans)));
            var app = builder.Build();
            configure?.Invoke(app);
            app.MapDefaultEndpoints();
            app.MapGet("/items/{id}", (string id) => id);
            app.MapGet("/boom", IResult () => throw new TimeZoneNotFoundException("lost"));
            app.MapGet("/relay", async (IHttpClientFactory clients, HttpRequest request) => await clients.CreateClient().GetStringAsync($"http://{request.Host}/items/8"));
            await app.StartAsync();
            return new Web(app, spans);
        }

        /// <summary>Sends a request and waits for its span, which ends after its answer.</summary>
        public async Task<Activity> GetAsync(string path, HttpStatusCode status, string? traceParent = null)
        {
            await SendAsync(path, status, traceParent);
            Activity? span = null;
            await Infrastructure.Eventually.HoldsAsync(
                () => Task.FromResult((span = Spans.Find(one => one.Kind == ActivityKind.Server && Equals(one.GetTagItem("url.path"), path.Split('?')[0]))) is not null),
                () => $"the span of {path}",
                TimeSpan.FromSeconds(60));
            return span!;
        }

        public async Task SendAsync(string path, HttpStatusCode status, string? traceParent)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("User-Agent", "tests");
            if (traceParent is not null)
            {
                request.Headers.Add("traceparent", traceParent);
            }

            using var response = await _http.SendAsync(request);
            Assert.Equal(status, response.StatusCode);
        }

        public async ValueTask DisposeAsync()
        {
            _http.Dispose();
            await _app.DisposeAsync();
        }
    }
}
