using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

using PrintCraft.Cli.Connections;
using PrintCraft.Client;

using Refit;

namespace PrintCraft.Cli;

/// <summary>What went wrong, told as a <see cref="Failure"/>: by the API's error code where there is one.</summary>
internal static class Failures
{
    /// <param name="api">The address that was called.</param>
    public static Failure Of(Exception exception, Uri? api) => exception switch
    {
        CommandFailedException failed => failed.Failure,
        ApiException { InnerException: not null } => NoPrintCraft(api, "its answer cannot be read"),
        ApiException answer => Of(answer.StatusCode, answer.ProblemOf(), answer.Headers, api),
        ApiRequestException or HttpRequestException or OperationCanceledException or TimeoutException => NoAnswer(exception, api),
        IOException or UnauthorizedAccessException => new Failure(Exit.Failed, "file", exception.Message),
        _ => new Failure(Exit.Failed, "unexpected", $"{exception.GetType().Name}: {exception.Message}", "This is a mistake of the command line: please report it."),
    };

    /// <param name="problem">The body; null when it was none of ours.</param>
    public static Failure Of(HttpStatusCode status, Problem? problem, HttpResponseHeaders headers, Uri? api)
    {
        if (problem?.Error is not { Code: { Length: > 0 } code } error)
        {
            return NoPrintCraft(api, $"it answered {(int)status}");
        }

        var details = error.Details?.Select(detail => detail with { Field = OptionNames.Of(detail.Field) }).ToList();
        return new Failure(ExitOf(code, (int)status), code, error.Message, Advice(code, RetryAfter(headers)), details, problem.TraceId);
    }

    public static Failure Of(HttpStatusCode status, string content, HttpResponseHeaders headers, Uri? api)
    {
        try
        {
            return Of(status, JsonSerializer.Deserialize<Problem>(content, JsonSerializerOptions.Web), headers, api);
        }
        catch (JsonException)
        {
            return Of(status, problem: null, headers, api);
        }
    }

    public static TimeSpan? RetryAfter(HttpResponseHeaders headers) => headers.RetryAfter?.Delta;

    internal static Exit ExitOf(string code, int status) => code switch
    {
        "insufficient_credits" or "precondition_failed" => Exit.NotEnoughCredits,
        "rate_limited" => Exit.RateLimited,
        "not_found" => Exit.NotFound,
        "missing_token" or "invalid_token" or "invalid_credentials" or "forbidden" => Exit.NotAuthenticated,
        "invalid_request" or "idempotency_key_reused" or "payload_too_large" => Exit.Usage,
        _ => status >= 500 ? Exit.Unavailable : Exit.Failed,
    };

    private static string? Advice(string code, TimeSpan? pause)
    {
        var wait = pause is { } time ? string.Create(CultureInfo.InvariantCulture, $"Try again in {Math.Ceiling(time.TotalSeconds)} s.") : "Try again in a moment.";
        return code switch
        {
            "missing_token" or "invalid_token" => CredentialSource.Hint,
            "forbidden" => "Use a credential with the scope or role that is named; `printcraft keys create --scope read --scope write` makes a key.",
            "insufficient_credits" => "Ask for fewer, smaller or simpler images (--quality draft); `printcraft credits` tells what you have.",
            "precondition_failed" => "Raise --max-credits, or ask for fewer, smaller or simpler images.",
            "not_found" => "Check the id; `printcraft jobs` and `printcraft keys` list yours.",
            "conflict" => "Look at it again: `printcraft jobs show ID`.",
            "idempotency_key_reused" => "Use another --idempotency-key for another order.",
            "rate_limited" or "service_unavailable" or "provider_unavailable" or "idempotency_key_in_use" => wait,
            "internal_error" => "Try again; if it stays, report the trace.",
            _ => null,
        };
    }

    private static Failure NoAnswer(Exception exception, Uri? api) => new(
        Exit.Unavailable,
        "no_answer",
        $"{Name(api)} does not answer: {exception.GetBaseException().Message.TrimEnd('.')}.",
        api?.IsLoopback == true
            ? "Start it with `dotnet run --project PrintCraft.AppHost`; `printcraft doctor` looks closer."
            : "Check --api or PRINTCRAFT_API; `printcraft doctor` looks closer.");

    private static Failure NoPrintCraft(Uri? api, string why) => new(
        Exit.Unavailable, "no_printcraft", $"{Name(api)} is no PrintCraft API, or a proxy before it: {why}.", "Check --api or PRINTCRAFT_API.");

    private static string? Name(Uri? api) => api?.GetLeftPart(UriPartial.Path).TrimEnd('/');
}
