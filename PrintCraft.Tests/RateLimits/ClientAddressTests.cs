using System.Net;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

using PrintCraft.Api.RateLimits;
using PrintCraft.Tests.Generations;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.RateLimits;

/// <summary>Who an address counts as, whom to believe about it, and how long a refusal is remembered.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("::1", "::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    public void An_IPv6_address_counts_as_its_network(string address, string who) => Assert.Equal(who, ClientAddress.Of(IPAddress.Parse(address)));

    [Fact]
    public void A_connection_without_an_address_counts_too() => Assert.Equal("none", ClientAddress.Of(null));

    [Fact]
    public void Without_a_known_proxy_no_header_is_read_at_all()
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };

        new KnownProxies().Apply(forwarded);

        Assert.Equal((ForwardedHeaders.None, 0, 0), (forwarded.ForwardedHeaders, forwarded.KnownProxies.Count, forwarded.KnownIPNetworks.Count));
    }

    [Fact]
    public void Only_named_proxies_and_networks_are_believed_and_only_for_one_step()
    {
        var forwarded = new ForwardedHeadersOptions();

        new KnownProxies { Known = { "10.0.0.7", "192.168.0.0/16", "fd00::/8" } }.Apply(forwarded);

        Assert.Equal(["10.0.0.7"], forwarded.KnownProxies.Select(proxy => $"{proxy}"));
        Assert.Equal(["192.168.0.0/16", "fd00::/8"], forwarded.KnownIPNetworks.Select(network => $"{network}"));
        Assert.Equal((1, ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto), (forwarded.ForwardLimit, forwarded.ForwardedHeaders));
    }

    [Theory]
    [InlineData("10.0.0.7", true)]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("proxy.example", false)]
    [InlineData("10.0.0.0/33", false)]
    [InlineData("", false)]
    public void What_is_no_address_ends_the_start(string known, bool isValid) => Assert.Equal(isValid, new KnownProxies { Known = { known } }.IsValid());

    [Fact]
    public void A_refused_address_is_remembered_for_a_while_and_its_window_goes_on()
    {
        var time = new FixedTime(SampleGeneration.Noon);
        var refused = new RefusedAddresses(Options.Create(new RateLimitOptions { RefusalMemory = TimeSpan.FromSeconds(10) }), time);
        refused.Remember("a", TimeSpan.FromMinutes(5));
        refused.Remember("b", TimeSpan.FromSeconds(3));

        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((TimeSpan.FromSeconds(296), null, null), (refused.Left("a"), refused.Left("b"), refused.Left("c")));

        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(refused.Left("a"));
        Assert.True(refused.IsEmpty);
    }
}
