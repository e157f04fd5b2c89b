namespace Aspire;

/// <summary>What the three clients do alike: settings from configuration, one health check per name.</summary>
internal static class ClientRegistration
{
    /// <summary>The section, then its subsections in the order given; the last one that has a value wins.</summary>
    public static TSettings ReadSettings<TSettings>(this IHostApplicationBuilder builder, string sectionName, params string[] subsections)
        where TSettings : new()
    {
        var settings = new TSettings();
        foreach (var path in subsections.Select(subsection => $"{sectionName}:{subsection}").Prepend(sectionName))
        {
            builder.Configuration.GetSection(path).Bind(settings);
        }

        return settings;
    }

    public static InvalidOperationException MissingConnectionString(string connectionName, string sections) => new(
        $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in {sections} configuration section.");

    public static void TryAddHealthCheck(this IHostApplicationBuilder builder, string name, Action<IHealthChecksBuilder> add)
    {
        if (builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            add(builder.Services.AddHealthChecks());
        }
    }

    public static void TryAddHealthCheck(this IHostApplicationBuilder builder, string name, Func<IServiceProvider, CancellationToken, Task> check) =>
        builder.TryAddHealthCheck(name, checks => checks.Add(new HealthCheckRegistration(name, services => new Check(services, check), null, null)));

    /// <summary>What the check throws is its failure, of the status that the registration says.</summary>
    private sealed class Check(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> check) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await check(services, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
