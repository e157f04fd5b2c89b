using PrintCraft.Api.Idempotency;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

internal static class GenerationEndpoints
{
    public static WebApplicationBuilder AddGenerations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelCatalog>().BindConfiguration(ModelCatalog.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<GenerationPolicy>().BindConfiguration(GenerationPolicy.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        builder.Services.AddScoped<GenerationResources>();
        builder.Services.AddScoped<GenerationDesk>();
        builder.Services.AddScoped<IdempotentRequest>();
        builder.Services.AddScoped<PreferWait>();
        builder.Services.AddSingleton<Backlog>();
        builder.Services.AddSingleton<Estimates>();
        return builder;
    }

    public static IEndpointRouteBuilder MapGenerations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Generations");

        group.MapPost("/generations", CreateGeneration.HandleAsync)
            .WithName("createGeneration")
            .WithSummary("Turn a prompt into images")
            .WithDescription("Holds the price, queues the job and answers at once. The job charges what it makes and refunds the rest. Read the generation for its progress.")
            .Produces<GenerationResource>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status402PaymentRequired)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        group.MapGet("/generations/{id:guid}", ReadGeneration.HandleAsync)
            .WithName("getGeneration")
            .WithSummary("Read one of your generations")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/generations", ListGenerations.HandleAsync)
            .WithName("listGenerations")
            .WithSummary("List your generations, newest first")
            .WithDescription("Pass the answer's nextCursor as cursor to read on; new generations do not move the pages.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        return routes;
    }
}
