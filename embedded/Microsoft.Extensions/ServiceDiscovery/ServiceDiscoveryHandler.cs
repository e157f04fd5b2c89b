namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>
/// Rewrites the address of a request for the time it is sent: https+http://web goes to what the configuration lists under Services:web:https or, when
/// there is nothing, under Services:web:http, in turn. A host without such an entry stays what it is.
/// </summary>
internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    private uint _turn;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri!;
        request.RequestUri = Resolve(original);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
        }
    }

    private Uri Resolve(Uri requested)
    {
        var schemes = requested.Scheme.Split('+');
        var service = configuration.GetSection("Services").GetSection(requested.Host);
        var addresses = schemes.Select(scheme => Addresses(requested.Host, service.GetSection(scheme))).FirstOrDefault(some => some is not []);
        var resolved = new UriBuilder(requested) { Scheme = schemes[0], Port = requested.Port };
        if (addresses is not null)
        {
            var address = addresses[Interlocked.Increment(ref _turn) % addresses.Length];
            (resolved.Scheme, resolved.Host, resolved.Port) = (address.Scheme, address.Host, address.Port);
            resolved.Path = address.AbsolutePath.TrimEnd('/') + requested.AbsolutePath;
        }

        return resolved.Uri;
    }

    /// <summary>A list, or a single value.</summary>
    private static Uri[] Addresses(string service, IConfigurationSection endpoint)
    {
        var entries = endpoint.Value is null ? endpoint.GetChildren() : [endpoint];
        return [.. entries.Select(entry => Uri.TryCreate(entry.Value, UriKind.Absolute, out var address) ? address : throw new KeyNotFoundException(
            $"The endpoint configuration section for service '{service}' endpoint '{endpoint.Key}' has an invalid value with key '{entry.Key}'."))];
    }
}
