using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;

namespace PrintCraft.Worker.Generations;

internal static class GenerationsRegistration
{
    public static WebApplicationBuilder AddGenerations(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ModelCatalog>().BindConfiguration(ModelCatalog.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<WorkOptions>().BindConfiguration(WorkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ImageOptions>().BindConfiguration(ImageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ImageStore>();

        builder.Services.AddSingleton<GenerationRuns>();
        builder.Services.AddSingleton<SubmitImage>();
        builder.Services.AddSingleton<FindSubmission>();
        builder.Services.AddSingleton<CheckImage>();
        builder.Services.AddSingleton<FetchImage>();
        builder.Services.AddHostedService<GenerationConsumer>();
        builder.Services.AddHostedService<DueGenerations>();
        return builder;
    }
}
