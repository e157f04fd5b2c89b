namespace OpenTelemetry.Trace;

/// <summary>Spans of incoming requests, as package OpenTelemetry.Instrumentation.AspNetCore makes them.</summary>
public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Completes ASP.NET Core's request activities and takes SignalR's. No gRPC or Blazor attributes; call it once.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder,
        Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions) => builder
        .ConfigureServices(services => services.Configure(configureAspNetCoreTraceInstrumentationOptions ?? (_ => { })))
        .AddSource("Microsoft.AspNetCore", "Microsoft.AspNetCore.SignalR.Server")
        .AddInstrumentation(services => new RequestSpans(services.GetRequiredService<IOptions<AspNetCoreTraceInstrumentationOptions>>().Value));
}

/// <summary>Spans of outgoing requests, as package OpenTelemetry.Instrumentation.Http makes them.</summary>
public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Takes HttpClient's own spans, which .NET 10 makes complete.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(this TracerProviderBuilder builder) => builder.AddSource("System.Net.Http");
}
