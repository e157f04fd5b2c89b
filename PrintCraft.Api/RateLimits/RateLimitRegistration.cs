using Microsoft.Extensions.Options;

namespace PrintCraft.Api.RateLimits;

internal static class RateLimitRegistration
{
    public static WebApplicationBuilder AddRateLimits(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<RateLimitOptions>().BindConfiguration(RateLimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<KnownProxies>()
            .BindConfiguration(KnownProxies.Section)
            .Validate(proxies => proxies.IsValid(), "Proxies:Known holds something that is neither an address (10.0.0.7) nor a network (10.0.0.0/8).")
            .ValidateOnStart();
        builder.Services.AddOptions<ForwardedHeadersOptions>().PostConfigure<IOptions<KnownProxies>>((forwarded, proxies) => proxies.Value.Apply(forwarded));
        builder.Services.AddSingleton<QuotaPolicies>();
        builder.Services.AddSingleton<LimitsInRedis>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LimitsInRedis>());
        builder.Services.AddSingleton<SharedWindows>();
        builder.Services.AddSingleton<LocalWindows>();
        builder.Services.AddSingleton<RefusedAddresses>();
        builder.Services.AddSingleton<Limiter>();
        builder.Services.AddSingleton<StreamPlaces>();
        builder.Services.AddHostedService(services => services.GetRequiredService<StreamPlaces>());
        return builder;
    }

    /// <summary>Before authentication.</summary>
    public static WebApplication UseOverloadProtection(this WebApplication app)
    {
        app.UseMiddleware<ProtectFromOverload>();
        return app;
    }

    /// <summary>After authentication, before authorization.</summary>
    public static WebApplication UseRateLimits(this WebApplication app)
    {
        app.UseMiddleware<LimitRequests>();
        return app;
    }
}
