using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace PrintCraft.Api.Http;

/// <summary>Section <c>Cors</c>: the web pages whose scripts may call the API. None unless said.</summary>
public sealed class CrossOriginOptions
{
    public const string Section = "Cors";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromMinutes(10);
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch,
        "Idempotency-Key", "Last-Event-ID", "Prefer", "X-API-Key", HeaderNames.TraceParent, HeaderNames.TraceState,
        // SignalR's clients send them when they negotiate.
        HeaderNames.XRequestedWith, "X-SignalR-User-Agent",
    ];

    private static readonly string[] ResponseHeaders =
    [
        HeaderNames.Allow, HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate,
        "Deprecation", "Idempotent-Replayed", "Preference-Applied", "RateLimit", "RateLimit-Policy", "Sunset", Http.ResponseHeaders.RequestId,
    ];

    /// <summary>Exact origins, as <c>https://studio.example.com</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    /// <summary>Whether it is exactly what a browser sends as <c>Origin</c>: scheme, host and port, no wildcard, and not <c>null</c>, which any sandboxed page may send.</summary>
    internal static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && !text.Contains('*', StringComparison.Ordinal)
        && uri.GetLeftPart(UriPartial.Authority) == text && uri.UserInfo.Length == 0;

    /// <summary>With credentials, because SignalR's clients ask for them; that is safe only because every origin is named.</summary>
    internal void Apply(CorsPolicyBuilder policy) => policy
        .WithOrigins([.. AllowedOrigins])
        .WithMethods(Methods)
        .WithHeaders(RequestHeaders)
        .WithExposedHeaders(ResponseHeaders)
        .SetPreflightMaxAge(PreflightLifetime)
        .AllowCredentials();
}
