using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace PrintCraft.ServiceDefaults;

/// <summary>What every host of PrintCraft has alike: telemetry, health, service discovery, resilient HTTP, an orderly end.</summary>
public static class Extensions
{
    private static readonly TimeSpan CheckPatience = TimeSpan.FromSeconds(3);

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddHealth();

        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(resilience => resilience.Retry.DisableForUnsafeHttpMethods());
            http.AddServiceDiscovery();
        });

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        return builder;
    }

    /// <summary>
    /// In every environment, for anyone, one word as the answer. /health is whether to send work here: 503 when Postgres is gone or
    /// the host stops. /alive is whether the process answers, and runs no check.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        var reads = new HttpMethodMetadata(["GET", "HEAD"]);
        app.MapHealthChecks(Probes.HealthPath).WithMetadata(reads).AllowAnonymous().DisableRateLimiting();
        app.MapHealthChecks(Probes.AlivePath, new HealthCheckOptions { Predicate = _ => false }).WithMetadata(reads).AllowAnonymous().DisableRateLimiting();
        return app;
    }

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter("PrintCraft.*")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName)
                .AddSource("PrintCraft.*")
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = context => !Probes.IsProbe(context);
                    requests.RecordException = true;
                    requests.EnrichWithHttpResponse = NameError;
                })
                .AddHttpClientInstrumentation());

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }
        else
        {
            // Nobody would see them: ids still go from process to process, and nothing is recorded for them.
            telemetry.WithTracing(tracing => tracing.SetSampler(new AlwaysOffSampler()));
        }
    }

    /// <summary>The instrumentation sees only exceptions that nobody handles; ours end in the exception handler's problem details.</summary>
    private static void NameError(Activity activity, HttpResponse response)
    {
        if (response.StatusCode < 500 || activity.GetTagItem("error.type") is not null)
        {
            return;
        }

        var error = response.HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error;
        activity.SetTag("error.type", error?.GetType().FullName ?? $"{response.StatusCode}");
        if (error is not null)
        {
            activity.AddException(error);
        }
    }

    private static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck<SelfCheck>("self");
        builder.Services.AddOptions<HealthCheckServiceOptions>().PostConfigure<IServiceScopeFactory>((health, scopes) =>
        {
            foreach (var registration in health.Registrations)
            {
                // The database's retries would hold the answer back for most of a minute.
                registration.Timeout = CheckPatience;
                if (AidingCheck.IsFor(registration))
                {
                    AidingCheck.Wrap(registration, scopes);
                }
            }
        });
    }

    private sealed class SelfCheck(IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(lifetime.ApplicationStopping.IsCancellationRequested
                ? HealthCheckResult.Unhealthy("The host is stopping.")
                : HealthCheckResult.Healthy());
    }
}
