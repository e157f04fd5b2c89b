using System.Net;
using System.Net.Sockets;

namespace PrintCraft.Api.RateLimits;

/// <summary>Who an address counts as: of IPv6 the /64 network, of which a household has at least one whole.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
