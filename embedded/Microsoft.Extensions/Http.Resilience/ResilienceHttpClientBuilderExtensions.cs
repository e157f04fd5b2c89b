namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts resilience before an HttpClient's requests. Upstream also reports Polly's events as logs and metrics.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    /// <summary>Adds the standard handler: limiter, total timeout, retry, circuit breaker, attempt timeout.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(this IHttpClientBuilder builder)
    {
        var name = $"{builder.Name}-standard";
        return builder.ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan).AddPipeline(name, (pipeline, services) =>
        {
            var options = services.GetRequiredService<IOptionsMonitor<HttpStandardResilienceOptions>>().Get(name);
            pipeline.AddStrategy(_ => new ConcurrencyLimit(), options.RateLimiter)
                .AddTimeout(options.TotalRequestTimeout)
                .AddRetry(options.Retry)
                .AddCircuitBreaker(options.CircuitBreaker)
                .AddTimeout(options.AttemptTimeout);
        });
    }

    /// <summary>Adds the standard handler with changed options.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder, Action<HttpStandardResilienceOptions> configure)
    {
        var pipeline = builder.AddStandardResilienceHandler();
        builder.Services.Configure(pipeline.PipelineName, configure);
        return pipeline;
    }

    /// <summary>Removes the resilience handlers added so far, those for all clients included; HttpClient.Timeout stays infinite.</summary>
    [Experimental("EXTEXP0001", UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}")]
    public static IHttpClientBuilder RemoveAllResilienceHandlers(this IHttpClientBuilder builder) =>
        builder.ConfigureAdditionalHttpMessageHandlers(static (handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>().ToList())
            {
                handlers.Remove(handler);
            }
        });

    // One pipeline per name and container, not per handler: a circuit outlives the handler's two minutes, and the pipeline
    // of ConfigureHttpClientDefaults ("-standard") is one for all clients, its circuit and limit included. As upstream.
    private static PipelineBuilder AddPipeline(
        this IHttpClientBuilder builder, string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>, IServiceProvider> configure)
    {
        builder.Services.TryAddKeyedSingleton(name, (services, _) =>
        {
            var time = services.GetService<TimeProvider>();
            var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = name, TimeProvider = time };
            configure(pipeline, services);
            return pipeline.Build();
        });
        builder.AddHttpMessageHandler(
            services => new ResilienceHandler(services.GetRequiredKeyedService<ResiliencePipeline<HttpResponseMessage>>(name)));
        return new(name);
    }

    private sealed record PipelineBuilder(string PipelineName) : IHttpStandardResiliencePipelineBuilder;
}
