using Npgsql;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Documentation;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Generations;

internal static class GenerationEndpoints
{
    private const string KeyAdvice = " Send an Idempotency-Key to repeat it without ordering twice.";

    public static WebApplicationBuilder AddGenerations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelCatalog>().BindConfiguration(ModelCatalog.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<GenerationPolicy>().BindConfiguration(GenerationPolicy.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        builder.Services.AddScoped<GenerationResources>();
        builder.Services.AddSingleton<GenerationRows>();
        builder.Services.AddSingleton<GenerationReads>();
        builder.Services.AddSingleton<GenerationBodies>();
        builder.Services.AddScoped<GenerationAnswers>();
        builder.Services.AddCacheRegion(GenerationReads.Region);
        builder.Services.AddSingleton<GenerationTags>();
        builder.Services.AddSingleton<FeedCursor>();
        builder.Services.AddScoped<GenerationDesk>();
        builder.Services.AddScoped<IdempotentRequest>();
        builder.Services.AddScoped<PreferWait>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Backlog>(services, CountingConnection(builder.Configuration)));
        builder.Services.AddKeyedSingleton(
            HotPath.Key, (_, _) => HotPath.Open(builder.Configuration.GetConnectionString(PrintCraftDb.ConnectionName), 4, Orders.LockTimeout));
        builder.Services.AddSingleton<Orders>();
        builder.Services.AddSingleton<GenerationMetrics>();
        builder.Services.AddSingleton<Estimates>();
        return builder;
    }

    private static NpgsqlDataSource CountingConnection(IConfiguration configuration) =>
        NpgsqlDataSource.Create($"{configuration.GetConnectionString(PrintCraftDb.ConnectionName)};Maximum Pool Size=1;Max Auto Prepare=5");

    public static IEndpointRouteBuilder MapGenerations(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Generations");
        MapOrders(group);
        MapReads(group);
        MapChanges(group);
        return routes;
    }

    private static void MapOrders(RouteGroupBuilder group)
    {
        group.MapPost("/generations", CreateGeneration.HandleAsync)
            .WithName("createGeneration")
            .WithSummary("Turn a prompt into images")
            .WithDescription("Holds the price, queues the job and answers at once, or with Prefer: wait=N when it has ended. The job charges what it makes and refunds the rest." + KeyAdvice)
            .Produces<GenerationResource>(StatusCodes.Status201Created)
            .WithExample(Examples.Order, Examples.Accepted)
            .AnswersLocation()
            .TakesIdempotencyKey()
            .TakesPreferWait()
            .Fails(ProblemCode.InsufficientCredits, ProblemCode.PreconditionFailed, ProblemCode.ProviderUnavailable);

        group.MapPost("/generations/batch", CreateBatch.HandleAsync)
            .WithName("createGenerations")
            .WithSummary("Turn a prompt into a matrix of styles, sizes and seeds")
            .WithDescription($"At most {BatchRequest.MaxItems} generations under one quote. What the balance does not pay for is refused and shown; the rest runs." + KeyAdvice)
            .Produces<BatchResource>(StatusCodes.Status201Created)
            .WithExample(Examples.BatchOrder, Examples.Batch)
            .TakesIdempotencyKey()
            .Fails(ProblemCode.InsufficientCredits, ProblemCode.PreconditionFailed, ProblemCode.ProviderUnavailable);

        group.MapPost("/generations/quote", QuoteGeneration.HandleAsync)
            .WithName("quoteGeneration")
            .WithSummary("Ask what an order would cost and take")
            .WithDescription("Takes the body of an order and runs nothing.")
            .NeedsScope(Scopes.Read)
            .WithExample(Examples.Order, Examples.Quote);
    }

    private static void MapReads(RouteGroupBuilder group)
    {
        group.MapGet("/generations/{id:guid}", ReadGeneration.HandleAsync)
            .WithName("getGeneration")
            .WithSummary("Read one of your generations")
            .WithExample(answer: Examples.Generation)
            .HasETag()
            .Fails(ProblemCode.NotFound);

        group.MapGet("/generations", ListGenerations.HandleAsync)
            .WithName("listGenerations")
            .WithSummary("List your generations, newest first")
            .WithDescription("Pass the answer's nextCursor as cursor to read on; new generations do not move the pages. Several filters: those that all of them let through.")
            .WithExample(answer: Examples.Generations)
            .IsFeed();
    }

    private static void MapChanges(RouteGroupBuilder group)
    {
        group.MapPost("/generations/{id:guid}/cancel", CancelGeneration.HandleAsync)
            .WithName("cancelGeneration")
            .WithSummary("End one of your generations")
            .WithDescription("One that waits ends at once and costs nothing. One that runs is ended by its worker soon after the answer, and charges the images it had made.")
            .WithExample(answer: Examples.Canceled)
            .WithMetadata(new SendsHeader("ETag"))
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapPost("/generations/{id:guid}/retry", RetryGeneration.HandleAsync)
            .WithName("retryGeneration")
            .WithSummary("Order a failed or cancelled generation again")
            .WithDescription("A new generation with the same prompt, options and seed, and a new hold." + KeyAdvice)
            .Produces<GenerationResource>(StatusCodes.Status201Created)
            .WithExample(answer: Examples.Accepted)
            .AnswersLocation()
            .TakesIdempotencyKey()
            .TakesPreferWait()
            .Fails(ProblemCode.InsufficientCredits, ProblemCode.NotFound, ProblemCode.Conflict, ProblemCode.ProviderUnavailable);

        group.MapDelete("/generations/{id:guid}", DeleteGeneration.HandleAsync)
            .WithName("deleteGeneration")
            .WithSummary("Delete one of your generations and its images")
            .WithDescription("Only once it has ended. Its images' addresses stop working; the movements of credits stay in the ledger.")
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);
    }
}
