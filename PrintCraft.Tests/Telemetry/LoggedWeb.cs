using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using PrintCraft.Api.Problems;
using PrintCraft.Api.Telemetry;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Telemetry;

/// <summary>A line of the request log.</summary>
internal sealed record LoggedLine(LogLevel Level, string Text, IReadOnlyDictionary<string, object?> Fields)
{
    public object? this[string field] => Fields[field];
}

/// <summary>A web application with the product's request telemetry and problems, whose log ends in a list.</summary>
internal sealed class LoggedWeb : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly KeptLines _lines;

    private LoggedWeb(WebApplication app, KeptLines lines)
    {
        (_app, _lines) = (app, lines);
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public int Port => Http.BaseAddress!.Port;

    public TaskCompletionSource Waiting { get; } = new();

    public IReadOnlyList<LoggedLine> Lines => [.. _lines.Kept];

    public static async Task<LoggedWeb> StartAsync(LogLevel level = LogLevel.Information)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0", "--environment=Testing"]);
        var lines = new KeptLines();
        builder.Logging.ClearProviders().AddProvider(lines).AddFilter("PrintCraft", level).AddFilter("Microsoft", LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRequestTelemetry().AddProblems();
        var app = builder.Build();
        LoggedWeb? web = null;
        app.UseRequestTelemetry().UseProblems();
        app.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "somebody")]));
            return next(context);
        });
        app.MapGet("/health", () => "Healthy");
        app.MapGet("/alive", () => "Healthy");
        app.MapGet("/items/{id}", (string id) => id.Length);
        app.MapPost("/items", () => 1);
        app.MapGet("/boom", IResult () => throw new TimeZoneNotFoundException("lost"));
        app.MapGet("/wait", async (CancellationToken cancellationToken) =>
        {
            web!.Waiting.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        });
        await app.StartAsync();
        return web = new LoggedWeb(app, lines);
    }

    public Task<LoggedLine> GetAsync(string path, HttpStatusCode status) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), status);

    /// <summary>Sends a request and waits for its line, which comes after its answer.</summary>
    public async Task<LoggedLine> SendAsync(HttpRequestMessage request, HttpStatusCode status)
    {
        var before = _lines.Kept.Count;
        using var response = await Http.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        await Eventually.HoldsAsync(() => Task.FromResult(_lines.Kept.Count > before), () => $"the line of {request.RequestUri}", TimeSpan.FromSeconds(30));
        return _lines.Kept.ElementAt(before);
    }

    public async Task<LoggedLine> LineAsync(string path)
    {
        await Eventually.HoldsAsync(() => Task.FromResult(Lines.Any(line => Equals(line["path"], path))), () => $"the line of {path}", TimeSpan.FromSeconds(30));
        return Lines.First(line => Equals(line["path"], path));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private sealed class KeptLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<LoggedLine> Kept { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (state is IEnumerable<KeyValuePair<string, object?>> fields && formatter(state, exception) is var text && text.StartsWith("API request", StringComparison.Ordinal))
            {
                Kept.Enqueue(new LoggedLine(logLevel, text, fields.ToDictionary()));
            }
        }

        public void Dispose()
        {
            // Nothing to give back.
        }
    }
}
