using System.Net;

using Microsoft.AspNetCore.HttpOverrides;

using IPNetwork = System.Net.IPNetwork;

namespace PrintCraft.Api.RateLimits;

/// <summary>Section <c>Proxies</c>: who may say for whom it asks.</summary>
public sealed class KnownProxies
{
    public const string Section = "Proxies";

    /// <summary>Addresses (<c>10.0.0.7</c>) or networks (<c>10.0.0.0/8</c>) of proxies that set <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>. Nobody else's are believed.</summary>
    public IList<string> Known { get; } = [];

    internal bool IsValid() => Known.All(known => IPAddress.TryParse(known, out _) || IPNetwork.TryParse(known, out _));

    /// <summary>Without known proxies the framework would believe everybody, so then it reads no header at all.</summary>
    internal void Apply(ForwardedHeadersOptions forwarded)
    {
        forwarded.ForwardedHeaders = Known.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        forwarded.ForwardLimit = 1;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var known in Known)
        {
            if (IPAddress.TryParse(known, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else if (IPNetwork.TryParse(known, out var network))
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        }
    }
}
