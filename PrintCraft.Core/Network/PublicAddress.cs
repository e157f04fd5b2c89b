using System.Net;
using System.Net.Sockets;

namespace PrintCraft.Core.Network;

/// <summary>
/// Which addresses belong to the internet, and not to this machine, its network or its cloud. From the registries of special addresses
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry): what is in doubt is not public.
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] SpecialIPv4 =
    [
        Network("0.0.0.0/8"), // this host
        Network("10.0.0.0/8"), // private
        Network("100.64.0.0/10"), // carrier-grade NAT; metadata of some clouds
        Network("127.0.0.0/8"), // loopback
        Network("168.63.129.16/32"), // Azure's host
        Network("169.254.0.0/16"), // link-local; metadata of most clouds
        Network("172.16.0.0/12"), // private
        Network("192.0.0.0/24"), // protocol assignments; Oracle's metadata
        Network("192.0.2.0/24"), // documentation
        Network("192.88.99.0/24"), // 6to4 relays
        Network("192.168.0.0/16"), // private
        Network("198.18.0.0/15"), // benchmarks
        Network("198.51.100.0/24"), // documentation
        Network("203.0.113.0/24"), // documentation
        Network("224.0.0.0/4"), // multicast
        Network("240.0.0.0/4"), // reserved, broadcast
    ];

    /// <summary>All that is given out; loopback, unique local, link-local, site-local, multicast and IPv4-compatible addresses lie outside.</summary>
    private static readonly IPNetwork GlobalIPv6 = Network("2000::/3");

    private static readonly IPNetwork[] SpecialIPv6 =
    [
        Network("2001::/23"), // protocol assignments, Teredo among them
        Network("2001:db8::/32"), // documentation
        Network("2002::/16"), // 6to4: holds an IPv4 address, and nobody runs it any more
        Network("3fff::/20"), // documentation
    ];

    /// <summary>NAT64 (RFC 6052): where there is only IPv6, every IPv4 address looks so.</summary>
    private static readonly IPNetwork Nat64 = Network("64:ff9b::/96");

    public static bool IsPublic(IPAddress address)
    {
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (real.AddressFamily == AddressFamily.InterNetwork)
        {
            return !Array.Exists(SpecialIPv4, network => network.Contains(real));
        }

        return Nat64.Contains(real)
            ? IsPublic(new IPAddress(real.GetAddressBytes().AsSpan(12)))
            : GlobalIPv6.Contains(real) && !Array.Exists(SpecialIPv6, network => network.Contains(real));
    }

    private static IPNetwork Network(string text) => IPNetwork.Parse(text);
}
