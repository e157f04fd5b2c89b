using PrintCraft.Api.Documentation;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Events;

internal static class EventEndpoints
{
    private const string EventStreamType = "text/event-stream";

    public static WebApplicationBuilder AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<EventOptions>().BindConfiguration(EventOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<EventRows>();
        builder.Services.AddSingleton<FinalWatch>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FinalWatch>());
        builder.Services.AddSingleton<EventFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventFeed>());
        builder.Services.AddScoped<EventFollower>();
        builder.Services.AddScoped<EventStream>();
        builder.Services.AddHub();
        return builder;
    }

    public static IEndpointRouteBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("Events");

        group.MapGet("/generations/{id:guid}/events", StreamEvents.OfGenerationAsync)
            .WithName("streamGenerationEvents")
            .WithSummary("Follow one of your generations")
            .WithDescription("Server-sent events job.progress, job.completed, job.failed and job.canceled, numbered from 1. Ends after the final one. Come back with "
                + "Last-Event-ID (or ?after=) to go on where you were; 204 says that nothing more will come.")
            .Produces<GenerationEventResource>(StatusCodes.Status200OK, EventStreamType)
            .Produces(StatusCodes.Status204NoContent)
            .WithExample(answer: Examples.Events)
            .Fails(ProblemCode.NotFound)
            .DisableRequestTimeout();

        group.MapGet("/generations/events", StreamEvents.OfUserAsync)
            .WithName("streamEvents")
            .WithSummary("Follow all of your generations")
            .WithDescription("The events of all of your generations in one stream with ids of its own: from now on, or after Last-Event-ID (or ?after=). Does not end by itself.")
            .Produces<GenerationEventResource>(StatusCodes.Status200OK, EventStreamType)
            .WithExample(answer: Examples.Events)
            .DisableRequestTimeout();
        return routes;
    }
}
