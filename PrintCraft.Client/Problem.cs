using System.Text.Json;

using Refit;

namespace PrintCraft.Client;

/// <summary>The body of every error (RFC 9457, problem+json).</summary>
/// <param name="Error">What programs read.</param>
/// <param name="TraceId">What to tell support.</param>
public sealed record Problem(string? Type, string? Title, int Status, string? Detail, ProblemError Error, string? TraceId);

/// <param name="Code">One of the catalogue at /errors.</param>
public sealed record ProblemError(string Code, string Message, IReadOnlyList<FieldProblem> Details);

/// <param name="Field">JSON path, as options.width.</param>
public sealed record FieldProblem(string Field, string Message);

public static class PrintCraftErrors
{
    /// <summary>The problem that the API answered with; null when the answer has none (a proxy's page, say).</summary>
    public static Problem? ProblemOf(this ApiException exception)
    {
        try
        {
            return exception.Content is { } content ? JsonSerializer.Deserialize<Problem>(content, JsonSerializerOptions.Web) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
