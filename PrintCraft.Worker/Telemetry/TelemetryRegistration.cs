namespace PrintCraft.Worker.Telemetry;

internal static class TelemetryRegistration
{
    public static WebApplicationBuilder AddJobGauges(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddHostedService<JobGauges>();
        return builder;
    }
}
