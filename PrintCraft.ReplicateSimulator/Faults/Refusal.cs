using System.Net;

namespace PrintCraft.ReplicateSimulator.Faults;

/// <summary>
/// Answers that a fault gives instead of the true one. 401 and 429 as recorded from the service, 402 and 422 as its users report them; 500
/// is our guess; 502 and 503 come from proxies before it, in HTML.
/// </summary>
internal static class Refusal
{
    private const int DefaultReset = 30;

    public static IResult Of(int status, FaultScript script, HttpContext http, TimeProvider time)
    {
        if (script.RetryAfter is { } after)
        {
            http.Response.Headers.RetryAfter = after.Header(time.GetUtcNow());
        }

        var canary = script.Canary ? $" {FaultScript.CanaryText}" : "";
        switch (status)
        {
            case 401:
                return Problem.Unauthenticated;
            case 402:
                return Problem.Result(402, "Insufficient credit",
                    "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. "
                    + $"Once you purchase credit, please wait a few minutes before trying again.{canary}");
            case 404:
                return Problem.NotFound;
            case 422:
                return Problem.Invalid(new InvalidField("invalid", "input.prompt", $"Prompt was refused by a fault{canary}"));
            case 429:
                var seconds = script.RetryAfter?.Seconds ?? DefaultReset;
                http.Response.Headers["ratelimit-remaining"] = "0";
                http.Response.Headers["ratelimit-reset"] = $"{seconds}";
                return Problem.Throttled($"Request was throttled. Your rate limit resets in ~{seconds}s.{canary}", seconds);
            case 500:
                return Problem.Result(500, "Internal server error", $"An unexpected error occurred.{canary}");
            default:
                var title = $"{status} {(HttpStatusCode)status}{canary}";
                return Results.Content($"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n", "text/html", null, status);
        }
    }

    /// <summary>Ends the connection with a TCP reset: what was written so far is all that the caller gets.</summary>
    public static IResult Reset(HttpContext http)
    {
        http.Abort();
        return Results.Empty;
    }
}
