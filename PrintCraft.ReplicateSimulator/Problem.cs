using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;

namespace PrintCraft.ReplicateSimulator;

/// <summary>
/// An error body, <c>application/problem+json</c>. 401 and 404 are as recorded from the service; 422 with <c>invalid_fields</c> is as
/// reported by its users (https://replicate.com/docs/reference/http).
/// </summary>
internal sealed record Problem
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Title { get; init; }

    public required string Detail { get; init; }

    public required int Status { get; init; }

    /// <summary>Seconds; only with 429.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RetryAfter { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<InvalidField>? InvalidFields { get; init; }

    public static IResult NotFound { get; } = Result(404, null, "The requested resource could not be found.");

    public static IResult Malformed { get; } = Result(400, "Malformed request", "The request body is not valid JSON.");

    public static IResult Unauthenticated { get; } = Result(401, "Unauthenticated", "You did not pass a valid authentication token");

    public static IResult Result(int status, string? title, string detail) =>
        Result(new Problem { Title = title, Detail = detail, Status = status });

    public static IResult Throttled(string detail, int seconds) =>
        Result(new Problem { Detail = detail, Status = 429, RetryAfter = seconds });

    public static IResult Invalid(params IReadOnlyList<InvalidField> fields) => Result(new Problem
    {
        Title = "Input validation failed",
        Detail = string.Concat(fields.Select(field => $"- {field.Field}: {field.Description}\n")),
        Status = 422,
        InvalidFields = fields,
    });

    /// <summary>Gives a body to answers that the framework makes without one, such as 405.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var problem = status == 404 ? NotFound : Result(status, null, $"{ReasonPhrases.GetReasonPhrase(status)}.");
        return problem.ExecuteAsync(context.HttpContext);
    }

    private static IResult Result(Problem problem) =>
        Results.Json(problem, SimulatorApp.Json, "application/problem+json", problem.Status);
}

/// <summary>One broken rule: its kind in JSON Schema, the object or member it belongs to, and a sentence.</summary>
internal sealed record InvalidField(string Type, string Field, string Description);
