namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the OpenTelemetry SDK with a host, as package OpenTelemetry.Extensions.Hosting does.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Builds the providers when the host starts; may be called often. The host's container disposes, and so flushes, them.</summary>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        if (!services.Any(descriptor => descriptor.ImplementationType == typeof(TelemetryHostedService)))
        {
            // First in the list, so that what other hosted services do while they start is seen.
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>());
        }

        return new OpenTelemetryBuilder(services);
    }

    private sealed class TelemetryHostedService(IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            services.GetService<MeterProvider>();
            services.GetService<TracerProvider>();
            services.GetService<LoggerProvider>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
