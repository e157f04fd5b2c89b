using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

using Npgsql;

using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Problems;

/// <summary>
/// Gives every error that the application sends the same body: bare statuses, refused bodies, exceptions. Kestrel answers what is no proper
/// HTTP (431, a broken request line) before the application sees it, without a body.
/// </summary>
internal static partial class ProblemRegistration
{
    private const int BusySeconds = 5;
    private const int TwinSeconds = 1;
    private const int RateLimitSeconds = 2;

    public static WebApplicationBuilder AddProblems(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // The framework would write the whole traceparent there.
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions["traceId"] = Activity.Current?.TraceId.ToString());
        return builder;
    }

    public static WebApplication UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = HandleAsync,
            // What a caller did wrong, or a dependency that is down, is answered; it is not our failure to log with a stack.
            SuppressDiagnosticsCallback = context => Answer(context.Exception).Code != ProblemCode.InternalError,
        });
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, ProblemCode.ForStatus(context.HttpContext.Response.StatusCode), status: context.HttpContext.Response.StatusCode));
        return app;
    }

    /// <summary>The page that every problem's <c>type</c> leads to.</summary>
    public static WebApplication MapErrorCatalogue(this WebApplication app)
    {
        app.MapGet("/errors", static (HttpResponse response) =>
            {
                response.Headers.CacheControl = "public, max-age=3600";
                response.Headers.ContentSecurityPolicy = ErrorCatalogue.ContentSecurityPolicy;
                return TypedResults.Content(ErrorCatalogue.Html, "text/html; charset=utf-8");
            })
            .AnswersHead()
            .AllowAnonymous()
            .ExcludeFromDescription();
        return app;
    }

    /// <param name="status">When it has no code of its own and borrows one.</param>
    public static Task WriteAsync(HttpContext context, ProblemCode code, string? detail = null, IReadOnlyList<FieldError>? details = null, int? status = null)
    {
        context.Response.StatusCode = status ?? code.Status;
        var problem = Problem.Details(code with { Status = context.Response.StatusCode }, detail, details);
        if ((RequestLimits.Explain(context, problem) ?? RetryAfter(code)) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            problem.Extensions["retryAfter"] = seconds;
        }

        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    /// <summary>Seconds after which the same request may fare better; null when it will not.</summary>
    public static int? RetryAfter(ProblemCode code) => code.Status switch
    {
        StatusCodes.Status503ServiceUnavailable => BusySeconds,
        StatusCodes.Status429TooManyRequests => RateLimitSeconds,
        _ => code.Code == ProblemCode.IdempotencyKeyInUse.Code ? TwinSeconds : null,
    };

    private static Task HandleAsync(HttpContext context)
    {
        var (code, detail, details) = Answer(context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error);
        return WriteAsync(context, code, detail, details);
    }

    private static (ProblemCode Code, string? Detail, IReadOnlyList<FieldError>? Details) Answer(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => BadJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => BadParameter(bad),
        BadHttpRequestException bad => (ProblemCode.ForStatus(bad.StatusCode), null, null),
        _ when IsPassing(exception) => (ProblemCode.ServiceUnavailable, null, null),
        _ => (ProblemCode.InternalError, null, null),
    };

    /// <summary>Whether somebody whom we need cannot answer now, and will again. EF Core wraps what the database said, sometimes twice.</summary>
    public static bool IsPassing(Exception? exception) =>
        exception is NpgsqlException { IsTransient: true } or FirebaseUnreachableException || (exception is not null && IsPassing(exception.InnerException));

    /// <summary>The framework's message names the parameter as C# has it: <c>Failed to bind parameter "int limit" from "abc".</c></summary>
    private static (ProblemCode Code, string? Detail, IReadOnlyList<FieldError>? Details) BadParameter(BadHttpRequestException bad) =>
        BoundParameter().Match(bad.Message) is { Success: true } match
            ? (ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError(match.Groups[1].Value, "is missing, repeated or of the wrong type")])
            : (ProblemCode.InvalidRequest, "The request could not be read: is its body missing?", null);

    [GeneratedRegex("parameter \"\\S+ (\\w+)\" (?:from|was not provided)")]
    private static partial Regex BoundParameter();

    private static (ProblemCode Code, string? Detail, IReadOnlyList<FieldError>? Details) BadJson(JsonException json)
    {
        // The path is "$.options.width"; a text that is no JSON has a path too, to where it broke, and the reader's exception inside.
        var isJson = json.InnerException is not JsonException;
        var field = isJson && json.Path is { Length: > 2 } path ? path[2..] : "";
        var message = !isJson ? "the body is not valid JSON"
            : json.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a member of this request"
            : json.Message.Contains("Duplicate property", StringComparison.Ordinal) ? "is there twice"
            : field.Length > 0 ? "has the wrong type"
            : "the body is not an object of this request";
        return (ProblemCode.InvalidRequest, "The body could not be read.", [new FieldError(field, message)]);
    }
}
