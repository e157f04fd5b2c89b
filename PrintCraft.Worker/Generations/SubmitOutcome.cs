using System.Net;

using PrintCraft.Replicate;

using Refit;

namespace PrintCraft.Worker.Generations;

/// <summary>What is known after asking Replicate for an image. Only <see cref="NotTaken"/> may be asked again without looking first.</summary>
internal abstract record SubmitOutcome
{
    /// <summary>It runs.</summary>
    public sealed record Taken(Prediction Prediction) : SubmitOutcome;

    /// <summary>It certainly does not run, and may later: no connection, too many requests, no credit, a wrong token.</summary>
    public sealed record NotTaken(TimeSpan? RetryAfter) : SubmitOutcome;

    /// <summary>It never will: the request is wrong.</summary>
    public sealed record Refused : SubmitOutcome;

    /// <summary>It may run: the answer was lost, unreadable or a server error.</summary>
    public sealed record Unknown : SubmitOutcome;

    public static SubmitOutcome Of(IApiResponse<Prediction> response, DateTimeOffset now) => response switch
    {
        { IsSuccessful: true, Content: { Id.Length: > 0 } prediction } => new Taken(prediction),
        { Error.InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } }
            => new NotTaken(null),
        { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.PaymentRequired or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden }
            => new NotTaken(AskedPause(response, now)),
        { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.RequestTimeout } => new Refused(),
        _ => new Unknown(),
    };

    /// <summary>What <c>Retry-After</c> says (RFC 9110, 10.2.3).</summary>
    public static TimeSpan? AskedPause(IApiResponse<Prediction> response, DateTimeOffset now) => response.Headers?.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        // By the clock of the one who says it.
        { Date: { } date } => date - (response.Headers!.Date ?? now),
        _ => null,
    };
}
