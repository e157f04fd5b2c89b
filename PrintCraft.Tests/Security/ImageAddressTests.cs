using System.Net;
using System.Net.Sockets;
using System.Text;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;
using PrintCraft.Core.Images;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Images;

namespace PrintCraft.Tests.Security;

/// <summary>A signed address gives one file until its second, whatever is done to it on its way (OWASP API1, path traversal).</summary>
[Collection(nameof(SecurityScenario))]
public sealed class ImageAddressTests : IDisposable
{
    private static readonly byte[] Picture = TestPng.Whole(4, 4);

    private readonly Scenario _scenario;
    private readonly HttpClient _http;
    private readonly string _key;

    public ImageAddressTests(SecurityScenario fixture)
    {
        _scenario = fixture.Scenario;
        _http = new HttpClient { BaseAddress = _scenario.Api.Address };
        _key = new ImageStore(Options.Create(new ImageStoreOptions { Folder = _scenario.ImageFolder })).Save(Guid.NewGuid(), Guid.NewGuid(), 0, Picture).Key;
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_address_as_it_was_signed_gives_the_picture_and_nothing_can_be_made_of_it()
    {
        using var answer = await _http.GetAsync(Sign(_key));

        Assert.Equal(Picture, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(answer.Headers.CacheControl!.Private);
        // The order of a query says nothing, and neither does what is added to it.
        var parts = Sign(_key).Split('?')[1].Split('&');
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/images/{_key}?{parts[1]}&{parts[0]}&more=1"));
    }

    [Fact]
    public async Task Any_other_address_is_not_found()
    {
        var (path, query) = (Sign(_key).Split('?')[0], Sign(_key).Split('?')[1]);
        var (expires, signature) = (query.Split('&')[0], query.Split('&')[1]);
        string[] others =
        [
            path,
            $"{path}?{expires}",
            $"{path}?{signature}",
            $"{path}?{expires}0&{signature}",
            $"{path}?{expires}&{expires}&{signature}",
            $"{path}?{expires}&{signature}&{signature}",
            $"{path}?{expires}&{signature.ToUpperInvariant()}",
            $"{path}?{expires}&signature=",
            $"{path}/?{query}",
            $"/images//{_key}?{query}",
            $"/images/{_key.Replace("/0-", "/1-", StringComparison.Ordinal)}?{query}",
            $"/images/{_key.ToUpperInvariant()}?{query}",
            $"/images/{_key}%00.png?{query}",
            $"/images/{_key}%20?{query}",
            Sign(_key, lived: TimeSpan.FromSeconds(1)),
            Sign(_key, signingKey: "the key before it was changed"),
        ];

        foreach (var other in others)
        {
            Assert.True(await StatusAsync(other) is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, other);
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    public async Task The_signature_is_for_reading(string method)
    {
        using var answer = await _http.SendAsync(new HttpRequestMessage(new HttpMethod(method), Sign(_key)));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.True(File.Exists(Path.Combine(_scenario.ImageFolder, _key)));
    }

    /// <summary>With the right signature: what stands between such a key and the file is the store.</summary>
    [Theory]
    [InlineData("../outside.png")]
    [InlineData("..%2foutside.png")]
    [InlineData("%2e%2e/outside.png")]
    [InlineData("%2e%2e%2foutside.png")]
    [InlineData("..%5coutside.png")]
    [InlineData("generations/../../outside.png")]
    [InlineData("generations/..%2f..%2foutside.png")]
    [InlineData("....//outside.png")]
    [InlineData("%252e%252e%252foutside.png")]
    [InlineData("..%c0%afoutside.png")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("../images-evil/outside.png")]
    [InlineData("..%2fimages-evil%2foutside.png")]
    [InlineData("generations")]
    [InlineData("link/outside.png")]
    public async Task A_key_that_leads_out_of_the_store_gives_nothing_even_when_it_is_signed(string key)
    {
        var outside = Directory.CreateDirectory($"{_scenario.ImageFolder}-evil").FullName;
        await File.WriteAllBytesAsync(Path.Combine(outside, "outside.png"), Picture);
        await File.WriteAllBytesAsync(Path.Combine(_scenario.ImageFolder, "..", "outside.png"), Picture);

        var link = Path.Combine(_scenario.ImageFolder, "link");
        if (!Directory.Exists(link))
        {
            Directory.CreateSymbolicLink(link, outside);
        }

        foreach (var signed in new[] { key, Uri.UnescapeDataString(key) })
        {
            var query = Sign(signed).Split('?', 2)[1];
            var status = await RawStatusAsync($"/images/{key}?{query}");

            Assert.True(status is 400 or 404, $"{status}");
        }
    }

    /// <param name="lived">For how long it has not worked any more.</param>
    private static string Sign(string key, TimeSpan? lived = null, string signingKey = SecurityScenario.SigningKey)
    {
        var now = TimeProvider.System.GetUtcNow();
        var urls = new ImageUrls(Options.Create(new ImageUrlOptions { SigningKey = signingKey }), TimeProvider.System);
        return urls.Sign(key, lived is { } past ? now - past : now.AddMinutes(5));
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var answer = await _http.GetAsync(address);
        return answer.StatusCode;
    }

    /// <summary>As it is written: HttpClient would tidy the path up.</summary>
    private async Task<int> RawStatusAsync(string target)
    {
        using var caller = new TcpClient();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await caller.ConnectAsync(IPAddress.Loopback, _scenario.Api.Address.Port, patience.Token);
        await caller.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), patience.Token);
        using var reader = new StreamReader(caller.GetStream());
        return int.Parse((await reader.ReadLineAsync(patience.Token))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
