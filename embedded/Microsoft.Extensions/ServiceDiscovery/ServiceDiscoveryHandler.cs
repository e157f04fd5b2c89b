namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Rewrites the address of a request for the time it is sent, round robin over what the configuration lists.</summary>
internal sealed class ServiceDiscoveryHandler(ServiceConfiguration configuration) : DelegatingHandler
{
    private readonly ConcurrentDictionary<string, RoundRobin> _services = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri!;
        var service = _services.GetOrAdd(original.GetLeftPart(UriPartial.Authority), static _ => new());
        request.RequestUri = service.Next(configuration, original).ApplyTo(original);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
        }
    }

    private sealed class RoundRobin
    {
        private (IChangeToken Changed, IReadOnlyList<ServiceAddress> Addresses)? _known;
        private uint _turn;

        public ServiceAddress Next(ServiceConfiguration configuration, Uri service)
        {
            lock (this)
            {
                _known = _known is { Changed.HasChanged: false } ? _known : configuration.Find(service);
                return _known.Value.Addresses[(int)(++_turn % _known.Value.Addresses.Count)];
            }
        }
    }
}
