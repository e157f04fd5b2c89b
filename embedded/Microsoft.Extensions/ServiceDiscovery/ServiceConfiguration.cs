namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Reads Services:{name}:{endpoint}. Nothing suitable there means pass-through: the host as it was asked for.</summary>
internal sealed class ServiceConfiguration(IConfiguration configuration)
{
    public (IChangeToken Changed, IReadOnlyList<ServiceAddress> Addresses) Find(Uri service)
    {
        // https+http://_admin.web asks for endpoint admin of service web, https before http.
        var dot = service.Host.IndexOf('.', StringComparison.Ordinal);
        var isNamed = service.Host.StartsWith('_') && dot > 1 && !service.Host.EndsWith('.');
        var name = isNamed ? service.Host[(dot + 1)..] : service.Host;
        var schemes = service.Scheme.Split('+');
        string[] candidates = isNamed ? [service.Host[1..dot]] : ["default", .. schemes];

        var changed = configuration.GetReloadToken();
        var endpoints = configuration.GetSection("Services").GetSection(name);
        var endpoint = candidates.Select(endpoints.GetSection).FirstOrDefault(candidate => candidate.Exists());
        var addresses = endpoint is null ? [] : Read(name, endpoint);

        // The first requested scheme that an address has wins; addresses without a scheme take the request's and always stay.
        var chosen = schemes.FirstOrDefault(scheme => addresses.Any(address => address.Scheme == scheme));
        addresses = [.. addresses.Where(address => address.Scheme is null || address.Scheme == chosen)];
        return (changed, addresses is [] ? [new(null, name, service.Port, "")] : addresses);
    }

    private static ServiceAddress[] Read(string name, IConfigurationSection endpoint)
    {
        var what = $"The endpoint configuration section for service '{name}' endpoint '{endpoint.Key}'";
        var isSingle = !string.IsNullOrWhiteSpace(endpoint.Value);
        IEnumerable<IConfigurationSection> entries = isSingle ? [endpoint] : endpoint.GetChildren();
        return [.. entries.Select(entry => isSingle || int.TryParse(entry.Key, out _)
            ? ServiceAddress.Parse(entry.Value) ?? throw new KeyNotFoundException($"{what} has an invalid value with key '{entry.Key}'.")
            : throw new KeyNotFoundException($"{what} has non-numeric keys."))];
    }
}

/// <summary>Where a service is: a URL, or host and port that leave the scheme to the request.</summary>
internal sealed record ServiceAddress(string? Scheme, string Host, int Port, string BasePath)
{
    public static ServiceAddress? Parse(string? value)
    {
        var hasScheme = value?.Contains("://", StringComparison.Ordinal) == true;
        return !string.IsNullOrWhiteSpace(value) && Uri.TryCreate(hasScheme ? value : $"none://{value}", UriKind.Absolute, out var uri)
            ? new(hasScheme ? uri.Scheme : null, uri.Host, uri.Port, hasScheme ? uri.AbsolutePath.TrimEnd('/') : "")
            : null;
    }

    public Uri ApplyTo(Uri request) => new UriBuilder(request)
    {
        Scheme = Scheme ?? request.Scheme.Split('+')[0],
        Host = Host,
        Port = Port > 0 ? Port : request.Port,
        Path = BasePath is "" ? request.AbsolutePath : $"{BasePath}/{request.AbsolutePath.TrimStart('/')}",
    }.Uri;
}
