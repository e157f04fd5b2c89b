namespace PrintCraft.Api.Telemetry;

internal static class TelemetryRegistration
{
    public static WebApplicationBuilder AddRequestTelemetry(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RequestTelemetry>();
        return builder;
    }

    /// <summary>Outermost, so that it sees what every other part makes of a request.</summary>
    public static WebApplication UseRequestTelemetry(this WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<RequestTelemetry>().Around);
        return app;
    }
}
