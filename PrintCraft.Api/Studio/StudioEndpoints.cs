using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;

namespace PrintCraft.Api.Studio;

/// <summary>The page at /, for people: all that it does it does through the API, as anybody could (docs/studio.md).</summary>
internal static class StudioEndpoints
{
    public static WebApplicationBuilder AddStudio(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<StudioOptions>().BindConfiguration(StudioOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return builder;
    }

    public static WebApplication MapStudio(this WebApplication app)
    {
        var config = StudioConfig.Of(app.Services);
        var policy = ContentSecurityPolicy(config.Firebase);
        var routes = app.MapGroup("").AnswersHead().AllowAnonymous().WithoutQuota().ExcludeFromDescription();
        routes.MapGet("/", (HttpContext http) => Page(http, policy));
        routes.MapGet("/studio/config.json", () => TypedResults.Ok(config));
        routes.MapGet("/studio/{version}/{file}", File);
        return app;
    }

    /// <summary>Own files alone; beside this process only Firebase is called, where it is configured.</summary>
    internal static string ContentSecurityPolicy(StudioFirebase? firebase)
    {
        var connect = string.Join(' ', ["'self'", .. firebase?.Origins ?? []]);
        return $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src {connect}; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
    }

    private static Results<ContentHttpResult, StatusCodeHttpResult> Page(HttpContext http, string policy)
    {
        http.Response.Headers.ContentSecurityPolicy = policy;
        if (ETags.IsKnownToCaller(http, StudioFiles.HtmlTag))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Content(StudioFiles.Html, "text/html; charset=utf-8");
    }

    /// <summary>Another version's name comes from a page of another process, in the middle of an update: it gets the file, and asks again next time.</summary>
    private static Results<FileContentHttpResult, ProblemHttpResult> File(string version, string file, HttpResponse response)
    {
        if (StudioFiles.Find(file) is not { } found)
        {
            return Problem.Because(ProblemCode.NotFound);
        }

        response.Headers.CacheControl = version == StudioFiles.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return TypedResults.File(found.Bytes, found.Type);
    }
}
