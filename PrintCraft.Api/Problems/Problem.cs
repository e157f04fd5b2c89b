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

    /// <summary>How one looks, for people who read the documents.</summary>
    public static ProblemDetails Example(ProblemCode code)
    {
        var problem = code == ProblemCode.InvalidRequest
            ? Details(code, "Some fields are not valid.", [new FieldError("options.width", "must be from 256 to 2048 and a multiple of 8")])
            : Details(code);
        problem.Extensions["traceId"] = "4bf92f3577b34da6a3ce929d0e0e4736";
        if (ProblemRegistration.RetryAfter(code) is { } seconds)
        {
            problem.Extensions["retryAfter"] = seconds;
        }

        return problem;
    }

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
