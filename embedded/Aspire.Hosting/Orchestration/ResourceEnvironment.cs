namespace Aspire.Hosting.Embedded;

/// <summary>The environment variables that a resource is started with; the same as real Aspire's.</summary>
internal static class ResourceEnvironment
{
    private static readonly (string Name, string Value)[] Always =
    [
        ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true"),
        ("LOGGING__CONSOLE__FORMATTERNAME", "simple"),
        ("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
    ];

    private static readonly (string Name, string Value)[] InDevelopment =
    [
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
        ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"),
    ];

    /// <summary>Everything for one instance, whose endpoints have internal ports of their own.</summary>
    public static Dictionary<string, string> For(ResourceInstance instance, IConfiguration configuration, IHostEnvironment environment)
    {
        var (resource, variables) = (instance.Resource, new Dictionary<string, string>());
        if (resource is ProjectResource)
        {
            AddProjectDefaults(variables, instance, configuration, environment.IsDevelopment());
        }

        foreach (var (endpoint, port) in instance.Ports.Where(pair => pair.Key.Variable is not null))
        {
            variables[endpoint.Variable!] = $"{port}";
        }

        // In this order: a project's launch profile comes first and only adds; what the AppHost sets wins.
        resource.Description.Environment.ForEach(apply => apply(variables));
        if (resource is ProjectResource && instance.Ports.Count > 0)
        {
            variables.TryAdd("ASPNETCORE_URLS", string.Join(';', instance.Ports.Select(pair => $"{pair.Key.Scheme}://localhost:{pair.Value}")));
        }

        return variables;
    }

    public static void AddConnection(IDictionary<string, string> variables, IResource source)
    {
        variables[$"ConnectionStrings__{source.Name}"] = source.Description.ConnectionString!();
        foreach (var (property, value) in source.Description.ConnectionProperties!())
        {
            variables[$"{Encode(source.Name)}_{property}"] = value;
        }
    }

    public static void AddService(IDictionary<string, string> variables, IResource source) =>
        source.Description.Endpoints.ForEach(endpoint => AddAddress(variables, source.Name, endpoint.Name, new EndpointReference(source, endpoint.Name).Url));

    public static void AddExternal(IDictionary<string, string> variables, ExternalServiceResource service) =>
        AddAddress(variables, service.Name, service.Uri.Scheme, service.Uri.ToString());

    private static void AddAddress(IDictionary<string, string> variables, string service, string endpoint, string url)
    {
        variables[$"services__{service}__{endpoint}__0"] = url;
        variables[$"{Encode(service)}_{Encode(endpoint)}"] = url;
    }

    private static void AddProjectDefaults(Dictionary<string, string> variables, ResourceInstance instance, IConfiguration configuration, bool isDevelopment)
    {
        foreach (var (name, value) in isDevelopment ? [.. Always, .. InDevelopment] : Always)
        {
            variables[name] = value;
        }

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? "http://localhost:18889";
        variables["OTEL_SERVICE_NAME"] = instance.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
        if (configuration["AppHost:OtlpApiKey"] is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }
    }

    private static string Encode(string name) => string.Concat(name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
