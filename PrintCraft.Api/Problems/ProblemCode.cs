namespace PrintCraft.Api.Problems;

/// <summary>
/// The closed list of error codes, each with its status and title. Clients decide by the code; the catalogue at /errors is made from here.
/// </summary>
/// <param name="Code">Lower snake case, never renamed.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">The same for every occurrence (RFC 9457, title).</param>
/// <param name="Advice">What the caller can do.</param>
public sealed record ProblemCode(string Code, int Status, string Title, string Advice)
{
    public static readonly ProblemCode InvalidRequest = new("invalid_request", 400, "The request is not valid.", "Mend the fields that error.details names.");
    public static readonly ProblemCode MissingToken = new("missing_token", 401, "No credential was sent.", "Send Authorization: Bearer with a credential.");
    public static readonly ProblemCode InvalidToken = new("invalid_token", 401, "The credential is not valid.", "Get a new credential; it may have expired or be for another run.");
    public static readonly ProblemCode InvalidCredentials = new("invalid_credentials", 401, "Invalid credentials.", "Check address and password. After several failures wait some minutes, or reset the password.");
    public static readonly ProblemCode InsufficientCredits = new("insufficient_credits", 402, "There are not enough credits.", "Buy credits, or ask for fewer, smaller or simpler images.");
    public static readonly ProblemCode Forbidden = new("forbidden", 403, "The caller may not do this.", "Use an account with the needed role.");
    public static readonly ProblemCode NotFound = new("not_found", 404, "There is no such thing.", "Check the address. Other people's things are not found either.");
    public static readonly ProblemCode MethodNotAllowed = new("method_not_allowed", 405, "The address does not take this method.", "Use a method of the Allow header.");
    public static readonly ProblemCode Conflict = new("conflict", 409, "The thing is not in a state for this.", "Read it again and decide anew.");
    public static readonly ProblemCode IdempotencyKeyInUse = new("idempotency_key_in_use", 409, "A request with this key is still being worked on.", "Send it again after the seconds of Retry-After.");
    public static readonly ProblemCode PreconditionFailed = new("precondition_failed", 412, "A condition that the caller set does not hold.", "See error.details; change the condition, or read the thing again.");
    public static readonly ProblemCode PayloadTooLarge = new("payload_too_large", 413, "The body is too large.", "Send less: a generation needs a few kilobytes, and a picture has its limit in the catalogue.");
    public static readonly ProblemCode UnsupportedMediaType = new("unsupported_media_type", 415, "The body's type is not understood.", "Send Content-Type: application/json, or with a picture its own type.");
    public static readonly ProblemCode IdempotencyKeyReused = new("idempotency_key_reused", 422, "The key was used for another request.", "Use a new key for a new request, and the same body for the same one.");
    public static readonly ProblemCode RateLimited = new("rate_limited", 429, "That was too much at a time.", "Try again after the seconds of Retry-After, and less often.");
    public static readonly ProblemCode InternalError = new("internal_error", 500, "Something broke on our side.", "Try again; if it stays, tell us the traceId.");
    public static readonly ProblemCode ServiceUnavailable = new("service_unavailable", 503, "The service cannot do this right now.", "Try again after the seconds of Retry-After.");
    public static readonly ProblemCode ProviderUnavailable = new("provider_unavailable", 503, "The image provider is behind, and enough jobs wait for it.", "Try again after the seconds of Retry-After. Nothing was held or charged.");

    public static IReadOnlyList<ProblemCode> All { get; } =
    [
        InvalidRequest, MissingToken, InvalidToken, InvalidCredentials, InsufficientCredits, Forbidden, NotFound, MethodNotAllowed,
        Conflict, IdempotencyKeyInUse, PreconditionFailed, PayloadTooLarge, UnsupportedMediaType, IdempotencyKeyReused, RateLimited, InternalError, ServiceUnavailable, ProviderUnavailable,
    ];

    /// <summary>The code that stands for a bare status; the closest when there is none of its own.</summary>
    public static ProblemCode ForStatus(int status) =>
        All.FirstOrDefault(code => code.Status == status) ?? (status >= 500 ? InternalError : InvalidRequest);
}
