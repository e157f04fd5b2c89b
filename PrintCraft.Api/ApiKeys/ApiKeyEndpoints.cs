using PrintCraft.Api.Documentation;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static WebApplicationBuilder AddApiKeys(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ApiKeyOptions>().BindConfiguration(ApiKeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ApiKeys>();
        return builder;
    }

    public static IEndpointRouteBuilder MapApiKeys(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api-keys").RequireAuthorization(Policies.Person).WithTags("API keys");

        group.MapPost("", CreateApiKey.HandleAsync)
            .WithName("createApiKey")
            .WithSummary("Make a key for a program")
            .WithDescription("The answer shows the key, and nothing shows it again: so this takes no Idempotency-Key, whose answer would have to be kept. "
                + "Send it as Authorization: Bearer or as X-API-Key. A key cannot make, see or change keys.")
            .WithExample(ApiKeyExamples.Order, ApiKeyExamples.Made)
            .AnswersLocation()
            .Fails(ProblemCode.Conflict);

        group.MapGet("", ListApiKeys.HandleAsync)
            .WithName("listApiKeys")
            .WithSummary("List your keys, newest first")
            .WithDescription("Without their secrets, and without those that were revoked.")
            .WithExample(answer: ApiKeyExamples.Keys)
            .IsFeed();

        group.MapGet("/{id:guid}", ListApiKeys.HandleOneAsync)
            .WithName("getApiKey")
            .WithSummary("Read one of your keys")
            .WithExample(answer: ApiKeyExamples.Key)
            .HasETag()
            .Fails(ProblemCode.NotFound);

        group.MapPost("/{id:guid}/rotate", RotateApiKey.HandleAsync)
            .WithName("rotateApiKey")
            .WithSummary("Give a key a new secret")
            .WithDescription("The answer shows it once. The old one stops within a minute.")
            .WithExample(answer: ApiKeyExamples.Made)
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapDelete("/{id:guid}", RevokeApiKey.HandleAsync)
            .WithName("revokeApiKey")
            .WithSummary("Revoke a key")
            .WithDescription("It stops within a minute, for good. May be repeated.")
            .Fails(ProblemCode.NotFound);
        return routes;
    }
}
