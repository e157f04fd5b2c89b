using PrintCraft.Api.Http;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Documentation;

/// <summary>Codes that an endpoint answers with, beside those that every endpoint of its kind can (<see cref="OperationErrors"/>).</summary>
internal sealed record FailsWith(IReadOnlyList<ProblemCode> Codes);

/// <summary>What a caller sends and gets. Real objects, so that they cannot be other than the code.</summary>
internal sealed record OperationExample(object? Request, object? Answer);

/// <summary>A request header that an endpoint reads.</summary>
internal sealed record TakesHeader(string Name, string Description, string Example);

/// <summary>A header that a good answer has.</summary>
internal sealed record SendsHeader(string Name);

/// <summary>What the OpenAPI document says of an endpoint that its types do not.</summary>
internal static class EndpointDocumentation
{
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params ProblemCode[] codes) => endpoint.WithMetadata(new FailsWith(codes));

    public static RouteHandlerBuilder WithExample(this RouteHandlerBuilder endpoint, object? request = null, object? answer = null) =>
        endpoint.WithMetadata(new OperationExample(request, answer));

    /// <summary>The endpoint says where the new thing is.</summary>
    public static RouteHandlerBuilder AnswersLocation(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new SendsHeader("Location"));

    /// <summary>The endpoint answers a repeated key with its first answer.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint) => endpoint
        .Fails(ProblemCode.IdempotencyKeyInUse, ProblemCode.IdempotencyKeyReused)
        .WithMetadata(
            new TakesHeader("Idempotency-Key", "The same key gets the first answer again, for a day. 1 to 255 visible ASCII characters, quoted or not; a UUID is good.", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\""),
            new SendsHeader("Idempotent-Replayed"));

    /// <summary>The endpoint may hold its answer back until the job has ended.</summary>
    public static RouteHandlerBuilder TakesPreferWait(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithRequestTimeout(HttpRegistration.MayWait);
        return endpoint.WithMetadata(
            new TakesHeader("Prefer", "Answer when the job has ended, or after so many seconds (1 to 60).", "wait=30"), new SendsHeader("Preference-Applied"));
    }

    /// <summary>The handler names the version of its answer in <c>ETag</c>; who has that version gets 304.</summary>
    public static RouteHandlerBuilder HasETag(this RouteHandlerBuilder endpoint)
    {
        endpoint.AddEndpointFilter(ETags.AnswerAsync);
        return endpoint
            .Produces(StatusCodes.Status304NotModified)
            .WithMetadata(new TakesHeader("If-None-Match", "The ETag of what you have; 304 when it is still so.", "W/\"r1Vw9aGBC3r3jK9L\""), new SendsHeader("ETag"));
    }

    /// <summary>The endpoint changes nothing when the caller means another version (<see cref="ETags.Refusal"/>).</summary>
    public static RouteHandlerBuilder TakesIfMatch(this RouteHandlerBuilder endpoint) => endpoint
        .Fails(ProblemCode.PreconditionFailed)
        .WithMetadata(new TakesHeader("If-Match", "The ETag of what you want to change; 412 when it was changed since.", "W/\"r1Vw9aGBC3r3jK9L\""));

    /// <summary>The endpoint answers with a page of a feed.</summary>
    public static RouteHandlerBuilder IsFeed(this RouteHandlerBuilder endpoint) => endpoint.HasETag().WithMetadata(new SendsHeader("Link"));
}
