using System.Net;
using System.Net.Sockets;

using PrintCraft.Core.Network;
using PrintCraft.Worker.Generations;

namespace PrintCraft.Tests.Security;

/// <summary>Nobody outside makes this product call its own network (OWASP API7, server-side request forgery).</summary>
public sealed class ForeignAddressTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2001:200::1")]
    public void An_address_of_the_internet_is_public(string address) => Assert.True(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.255.255.255")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:0101:0101::")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Any_other_address_is_not(string address) => Assert.False(PublicAddress.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://shop.example/hook?order=1")]
    [InlineData("http://shop.example")]
    [InlineData("https://shop.example.:443/")]
    [InlineData("https://müller.example/hook")]
    [InlineData("https://1.1.1.1/hook")]
    [InlineData("https://[2606:4700:4700::1111]/hook")]
    [InlineData("https://10.example.com/")]
    [InlineData("https://localhost.example/")]
    public void A_user_may_give_an_address_of_the_internet(string url) => Assert.True(PublicUrl.IsAllowed(url));

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://①②⑦.⓪.⓪.①/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://256.256.256.256/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://anything.localhost/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://postgres/")]
    [InlineData("http://redis:80/")]
    [InlineData("http://shop.example:22/")]
    [InlineData("http://shop.example:5432/")]
    [InlineData("https://shop.example:8443/")]
    [InlineData("http://shop.example:0/")]
    [InlineData("http://shop.example@127.0.0.1/")]
    [InlineData("http://127.0.0.1@shop.example/")]
    [InlineData("http://127.0.0.1%2f@shop.example/")]
    [InlineData("http://shop.example\\@127.0.0.1/")]
    [InlineData("http:/127.0.0.1/")]
    [InlineData("//shop.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://shop.example/")]
    [InlineData("ftp://shop.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData(" https://shop.example/")]
    [InlineData("https://shop.example/#part")]
    [InlineData("https://shop.example/\r\nX: y")]
    [InlineData("")]
    public void A_user_may_not_give_any_other(string url) => Assert.False(PublicUrl.IsAllowed(url));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("1.1.1.1", "127.0.0.1")]
    [InlineData]
    public async Task A_download_from_a_name_that_leads_home_connects_to_nobody(params string[] addresses)
    {
        using var canary = new TcpListener(IPAddress.IPv6Loopback, 0);
        canary.Server.DualMode = true;
        canary.Start();
        var asked = 0;
        using var client = new HttpClient(DownloadClient.Handler(new PublicConnection((_, _) =>
        {
            asked++;
            return Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());
        })));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync($"http://evil.replicate.delivery:{((IPEndPoint)canary.LocalEndpoint).Port}/a.png"));

        Assert.Equal(1, asked);
        Assert.False(canary.Pending());
    }

    [Fact]
    public async Task A_host_that_the_settings_call_by_a_loopback_name_is_reached()
    {
        using var simulator = new TcpListener(IPAddress.Loopback, 0);
        simulator.Start();
        using var client = new HttpClient(DownloadClient.Handler(new PublicConnection((_, _) => throw new InvalidOperationException("asked"))));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        var asking = client.GetAsync($"http://127.0.0.1:{((IPEndPoint)simulator.LocalEndpoint).Port}/a.png", patience.Token);
        using (var connection = await simulator.AcceptSocketAsync(patience.Token))
        {
            await connection.SendAsync("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            using var answer = await asking;

            // And a redirect is an answer like any other.
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }
    }
}
