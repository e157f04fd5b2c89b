using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

internal static class GenerationsRegistration
{
    public static WebApplicationBuilder AddGenerations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelCatalog>().BindConfiguration(ModelCatalog.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<WorkOptions>()
            .BindConfiguration(WorkOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.PollMin <= options.PollMax, "Work:PollMin must not be longer than Work:PollMax.")
            .ValidateOnStart();
        builder.Services.AddSingleton<GenerationMetrics>();
        builder.Services.AddSingleton<ProviderGate>();
        builder.Services.AddSingleton<ImageWrites>();
        builder.Services.AddSingleton<GenerationLook>();
        builder.Services.AddSingleton<GenerationRuns>();
        builder.Services.AddSingleton<SubmitImage>();
        builder.Services.AddSingleton<FindSubmission>();
        builder.Services.AddSingleton<CheckImage>();
        builder.Services.AddDownloadClient();
        builder.Services.AddSingleton<FetchImage>();
        builder.Services.AddHostedService<GenerationConsumer>();
        builder.Services.AddHostedService<DueGenerations>();
        return builder;
    }
}
