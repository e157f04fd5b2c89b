using System.IO.Compression;

using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Http;

/// <summary>What holds for every request and answer, whatever it is about: limits, headers, compression, who may call from a browser.</summary>
internal static class HttpRegistration
{
    /// <summary>The policy of endpoints that may hold their answer back.</summary>
    public const string MayWait = "may-wait";

    public static WebApplicationBuilder AddHttpRules(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<HttpOptions>().BindConfiguration(HttpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CrossOriginOptions>()
            .BindConfiguration(CrossOriginOptions.Section)
            .Validate(options => options.AllowedOrigins.All(CrossOriginOptions.IsOrigin), "Cors:AllowedOrigins must be exact origins, as https://studio.example.com: no *, no null, no path.")
            .ValidateOnStart();

        services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>((kestrel, http) =>
        {
            kestrel.Limits.MaxRequestBodySize = http.Value.MaxBodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = http.Value.MaxHeaderBytes;
        });
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<HttpOptions>>((timeouts, http) =>
        {
            timeouts.DefaultPolicy = EndAfter(http.Value.RequestTimeout);
            timeouts.AddPolicy(MayWait, EndAfter(http.Value.WaitingRequestTimeout));
        });
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, origins) => cors.AddDefaultPolicy(origins.Value.Apply));
        AddCompression(services);
        return builder;
    }

    /// <summary>Comes before everything else that answers.</summary>
    public static WebApplication UseHttpRules(this WebApplication app)
    {
        app.UseResponseHeaders();
        app.UseProblems();
        app.Use(static (context, next) => IsEncoded(context.Request) ? RefuseEncodingAsync(context) : next(context));
        app.UseResponseCompression();
        app.UseRouting();
        if (app.Services.GetRequiredService<IOptions<CrossOriginOptions>>().Value.AllowedOrigins.Count > 0)
        {
            app.UseCors();
        }

        app.UseRequestTimeouts();
        return app;
    }

    /// <summary>The body of the 503 is written outside of it.</summary>
    private static RequestTimeoutPolicy EndAfter(TimeSpan timeout) => new() { Timeout = timeout, TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable };

    /// <summary>Over https too: what an answer holds is guessed by its length only where a browser sends a cookie along, and there are none.</summary>
    private static void AddCompression(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
            // Not images, which are compressed, and not streams of events, which would wait for a full block.
            compression.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/css", "text/javascript", "application/javascript"];
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    private static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding.ToString(), "identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>Nothing is unpacked: a megabyte of gzip can be a gigabyte of JSON.</summary>
    private static Task RefuseEncodingAsync(HttpContext context)
    {
        context.Response.Headers.AcceptEncoding = "identity";
        return ProblemRegistration.WriteAsync(context, ProblemCode.UnsupportedMediaType, "Compressed bodies are not taken: send it as it is, without Content-Encoding.");
    }
}
