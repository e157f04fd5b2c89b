using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Embedded;

/// <summary>The environment variables that a resource is started with; the same as real Aspire's.</summary>
internal static class ResourceEnvironment
{
    /// <summary>Everything for one instance; <paramref name="ports"/> has the internal port of each endpoint.</summary>
    public static Dictionary<string, string> For(
        IResource resource, string instanceId, IReadOnlyDictionary<EndpointAnnotation, int> ports, IConfiguration configuration, IHostEnvironment environment)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (resource is ProjectResource)
        {
            AddTelemetry(variables, resource.Name, instanceId, configuration);
            AddConsole(variables, environment);
        }

        foreach (var (endpoint, port) in ports.Where(pair => pair.Key.EnvironmentVariable is not null))
        {
            variables[endpoint.EnvironmentVariable!] = $"{port}";
        }

        // In this order: a project's launch profile comes first and only adds; what the AppHost sets wins.
        foreach (var annotation in resource.All<EnvironmentAnnotation>())
        {
            annotation.Apply(variables);
        }

        if (resource is ProjectResource)
        {
            AddUrls(variables, ports);
        }

        return variables;
    }

    public static void AddConnection(IDictionary<string, string> variables, string name, IResourceWithConnectionString source)
    {
        variables[$"ConnectionStrings__{name}"] = source.ConnectionString;
        foreach (var (property, value) in source.GetConnectionProperties())
        {
            variables[$"{Encode(name)}_{property.ToUpperInvariant()}"] = value;
        }
    }

    public static void AddService(IDictionary<string, string> variables, IResourceWithServiceDiscovery source)
    {
        foreach (var endpoint in source.All<EndpointAnnotation>())
        {
            var key = endpoint.Name is "http" or "https" ? endpoint.Scheme : endpoint.Name;
            AddAddress(variables, source.Name, key, endpoint.Name, new EndpointReference(source, endpoint.Name).Url);
        }
    }

    public static void AddAddress(IDictionary<string, string> variables, string service, string key, string endpointName, string url)
    {
        var index = Enumerable.Range(0, int.MaxValue).First(index => !variables.ContainsKey($"services__{service}__{key}__{index}"));
        variables[$"services__{service}__{key}__{index}"] = url;
        variables[$"{Encode(service)}_{Encode(endpointName)}"] = url;
    }

    private static void AddTelemetry(Dictionary<string, string> variables, string name, string instanceId, IConfiguration configuration)
    {
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        var useHttp = string.IsNullOrEmpty(grpc) && !string.IsNullOrEmpty(http);
        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = useHttp ? http! : string.IsNullOrEmpty(grpc) ? "http://localhost:18889" : grpc;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = useHttp ? "http/protobuf" : "grpc";
        variables["OTEL_SERVICE_NAME"] = name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId}";
        if (configuration["AppHost:OtlpApiKey"] is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }
    }

    private static void AddConsole(Dictionary<string, string> variables, IHostEnvironment environment)
    {
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (!environment.IsDevelopment())
        {
            return;
        }

        foreach (var name in (string[])["OTEL_BLRP_SCHEDULE_DELAY", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_METRIC_EXPORT_INTERVAL"])
        {
            variables[name] = "1000";
        }

        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
    }

    private static void AddUrls(Dictionary<string, string> variables, IReadOnlyDictionary<EndpointAnnotation, int> ports)
    {
        var listening = ports.Where(pair => pair.Key.IsHttp).ToList();
        if (listening.Count > 0)
        {
            variables.TryAdd("ASPNETCORE_URLS", string.Join(';', listening.Select(pair => $"{pair.Key.Scheme}://localhost:{pair.Value}")));
        }

        if (listening.FirstOrDefault(pair => pair.Key.Scheme == "https").Key is { AllocatedPort: { } port })
        {
            variables.TryAdd("ASPNETCORE_HTTPS_PORT", $"{port}");
        }
    }

    private static string Encode(string name)
    {
        var encoded = string.Concat(name.ToUpperInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiDigit(encoded[0]) ? $"_{encoded}" : encoded;
    }
}
