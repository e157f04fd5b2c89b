namespace OpenTelemetry.Metrics;

/// <summary>Metrics of incoming requests, as package OpenTelemetry.Instrumentation.AspNetCore names them.</summary>
public static class AspNetCoreInstrumentationMeterProviderBuilderExtensions
{
    /// <summary>Takes the meters of ASP.NET Core, without Blazor's.</summary>
    public static MeterProviderBuilder AddAspNetCoreInstrumentation(this MeterProviderBuilder builder) => builder.AddMeter(
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.Authorization",
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.Identity",
        "Microsoft.AspNetCore.MemoryPool");
}

/// <summary>Metrics of outgoing requests, as package OpenTelemetry.Instrumentation.Http names them.</summary>
public static class HttpClientInstrumentationMeterProviderBuilderExtensions
{
    /// <summary>Takes the meters of HttpClient and name resolution.</summary>
    public static MeterProviderBuilder AddHttpClientInstrumentation(this MeterProviderBuilder builder) =>
        builder.AddMeter("System.Net.Http", "System.Net.NameResolution");
}

/// <summary>Metrics of the runtime, as package OpenTelemetry.Instrumentation.Runtime names them.</summary>
public static class MeterProviderBuilderExtensions
{
    /// <summary>Takes the meter of the .NET runtime.</summary>
    public static MeterProviderBuilder AddRuntimeInstrumentation(this MeterProviderBuilder builder) => builder.AddMeter("System.Runtime");
}
