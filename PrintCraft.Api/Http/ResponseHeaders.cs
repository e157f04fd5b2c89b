using System.Diagnostics;

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace PrintCraft.Api.Http;

/// <summary>
/// The headers of every answer, errors too (https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html). An endpoint that needs another
/// value sets it; what is set stays. Kestrel's own answers to what is no proper HTTP have none of them.
/// </summary>
internal static class ResponseHeaders
{
    /// <summary>The id of the request's trace.</summary>
    public const string RequestId = "X-Request-Id";

    private const string NothingIsLoaded = "default-src 'none'; frame-ancestors 'none'";
    private const string OneYear = "max-age=31536000";

    /// <summary>Written when the answer starts: an exception clears what was written before.</summary>
    public static IApplicationBuilder UseResponseHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        context.Response.OnStarting(Write, context);
        return next(context);
    });

    private static Task Write(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers[RequestId] = (context.Features.Get<IHttpActivityFeature>()?.Activity ?? Activity.Current)?.TraceId.ToString() ?? context.TraceIdentifier;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = NothingIsLoaded;
        }

        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = OneYear;
        }

        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        endpoint?.Metadata.GetMetadata<Deprecation>()?.Write(headers);
        return Task.CompletedTask;
    }
}
