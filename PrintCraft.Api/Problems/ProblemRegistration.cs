using System.Diagnostics;
using System.Text.Json;

using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

using Npgsql;

using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Problems;

/// <summary>Gives every error that the server can send the same body: bare statuses, refused bodies, exceptions.</summary>
internal static class ProblemRegistration
{
    private const string RetryAfterSeconds = "5";
    private const long MaxBodyBytes = 1024 * 1024;

    public static WebApplicationBuilder AddProblems(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
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
        app.UseStatusCodePages(context => WriteAsync(context.HttpContext, ProblemCode.ForStatus(context.HttpContext.Response.StatusCode)));
        app.MapGet("/errors", () => TypedResults.Content(ErrorCatalogue.Html, "text/html; charset=utf-8")).AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    public static Task WriteAsync(HttpContext context, ProblemCode code, string? detail = null, IReadOnlyList<FieldError>? details = null)
    {
        context.Response.StatusCode = code.Status;
        if (code.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return context.Response.WriteAsJsonAsync(
            Problem.Details(code, detail, details), options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    private static Task HandleAsync(HttpContext context)
    {
        var (code, detail, details) = Answer(context.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error);
        return WriteAsync(context, code, detail, details);
    }

    private static (ProblemCode Code, string? Detail, IReadOnlyList<FieldError>? Details) Answer(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => BadJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => (ProblemCode.InvalidRequest, bad.Message, null),
        BadHttpRequestException bad => (ProblemCode.ForStatus(bad.StatusCode), null, null),
        NpgsqlException { IsTransient: true } or { InnerException: NpgsqlException { IsTransient: true } } => (ProblemCode.ServiceUnavailable, null, null),
        _ => (ProblemCode.InternalError, null, null),
    };

    private static (ProblemCode Code, string? Detail, IReadOnlyList<FieldError>? Details) BadJson(JsonException json)
    {
        // The path is "$.options.width"; a text that is no JSON has a path too, to where it broke, and the reader's exception inside.
        var field = json.InnerException is not JsonException && json.Path is { Length: > 2 } path ? path[2..] : "";
        var message = json.Message.Contains("could not be mapped", StringComparison.Ordinal) ? "is not a member of this request"
            : field.Length > 0 ? "has the wrong type"
            : "the body is not valid JSON";
        return (ProblemCode.InvalidRequest, "The body could not be read.", [new FieldError(field, message)]);
    }
}
