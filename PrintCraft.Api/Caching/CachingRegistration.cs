namespace PrintCraft.Api.Caching;

internal static class CachingRegistration
{
    public static WebApplicationBuilder AddCaching(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<CacheMetrics>();
        builder.Services.AddSingleton<MemoryLevel>();
        builder.Services.AddSingleton<RedisLevel>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RedisLevel>());
        builder.Services.AddSingleton<TwoLevelCache>();
        return builder;
    }

    /// <summary>Something to be cached; each region once.</summary>
    public static IServiceCollection AddCacheRegion(this IServiceCollection services, CacheRegion region) => services.AddSingleton(region);
}
