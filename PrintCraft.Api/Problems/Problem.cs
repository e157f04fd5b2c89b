using System.Diagnostics;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Problems;

/// <summary>The <c>error</c> member: the part that programs read.</summary>
public sealed record ProblemError(string Code, string Message, IReadOnlyList<FieldError> Details);

/// <summary>Makes error answers: RFC 9457 members, plus <c>error</c> and <c>traceId</c>.</summary>
public static class Problem
{
    public static ProblemHttpResult Because(ProblemCode code, string? detail = null, IReadOnlyList<FieldError>? details = null) =>
        TypedResults.Problem(Details(code, detail, details));

    public static ProblemDetails Details(ProblemCode code, string? detail = null, IReadOnlyList<FieldError>? details = null) => new()
    {
        Type = $"/errors#{code.Code}",
        Title = code.Title,
        Status = code.Status,
        Detail = detail ?? code.Title,
        Extensions =
        {
            ["error"] = new ProblemError(code.Code, detail ?? code.Title, details ?? []),
            ["traceId"] = Activity.Current?.TraceId.ToString(),
        },
    };
}
