using System.Text.Json;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Idempotency;

/// <summary>An answer that can be stored and sent again byte for byte, or a refusal that is made anew each time.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Location">The <c>Location</c> header, if it has one.</param>
/// <param name="Body">JSON.</param>
public sealed record Answer(int Status, string? Location, string Body) : IResult
{
    private ProblemCode? _refusal;
    private string? _detail;
    private IReadOnlyList<FieldError>? _details;

    /// <summary>Sent for the second time or later; the header <c>Idempotent-Replayed</c> says so.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Whether a repetition of the request must get the same answer.</summary>
    public bool IsFinal => _refusal is null;

    public static Answer Created<T>(string? location, T resource, JsonSerializerOptions json) => new(StatusCodes.Status201Created, location, JsonSerializer.Serialize(resource, json));

    public static Answer Ok<T>(T resource, JsonSerializerOptions json) => new(StatusCodes.Status200OK, null, JsonSerializer.Serialize(resource, json));

    /// <summary>The same answer about a newer state of the thing.</summary>
    public Answer With<T>(T resource, JsonSerializerOptions json) => this with { Body = JsonSerializer.Serialize(resource, json) };

    /// <summary>The work was begun and came to nothing for a reason of its own (402, 409): whoever wants it decided anew sends a new key.</summary>
    public static Answer Problem(ProblemCode code, string detail, JsonSerializerOptions json) =>
        new(code.Status, null, JsonSerializer.Serialize(Problems.Problem.Details(code, detail), json));

    /// <summary>The work was not begun: a repetition may fare better.</summary>
    public static Answer Refusal(ProblemCode code, string? detail = null, IReadOnlyList<FieldError>? details = null) =>
        new(code.Status, null, "") { _refusal = code, _detail = detail, _details = details };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_refusal is { } code)
        {
            return ProblemRegistration.WriteAsync(httpContext, code, _detail, _details);
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = Status >= StatusCodes.Status400BadRequest ? "application/problem+json" : "application/json; charset=utf-8";
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }

        if (IsReplay)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        return response.WriteAsync(Body, httpContext.RequestAborted);
    }
}
