using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using PrintCraft.ReplicateSimulator.Control;
using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Predictions;
using PrintCraft.ReplicateSimulator.Webhooks;
using PrintCraft.ServiceDefaults;

namespace PrintCraft.ReplicateSimulator;

internal static class SimulatorApp
{
    public static readonly ActivitySource Activities = new("PrintCraft.ReplicateSimulator");

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        builder.Services.AddOptions<SimulatorOptions>()
            .BindConfiguration(SimulatorOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<SimulatorOptions>>().Value);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PredictionStore>();
        builder.Services.AddSingleton<PredictionRuns>();
        builder.Services.AddSingleton<CreatePrediction>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddSingleton<Gallery>();
        builder.Services.AddSingleton<OutputFiles>();
        builder.Services.AddSingleton<Spend>();
        builder.Services.AddSingleton<FaultRules>();
        builder.Services.AddSingleton<FaultPlan>();
        builder.Services.AddSingleton<FaultLog>();

        if (builder.Configuration.GetValue<bool>($"{SimulatorOptions.Section}:{nameof(SimulatorOptions.Bench)}"))
        {
            builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        }

        var app = builder.Build();
        app.UseStatusCodePages(Problem.WriteAsync);
        app.MapDefaultEndpoints();
        app.MapHome();
        app.MapReplicate();
        app.MapFiles();
        if (app.Environment.HasControl())
        {
            app.MapControl();
        }

        return app;
    }
}
