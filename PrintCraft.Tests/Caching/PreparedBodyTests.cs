using System.Text;
using System.Text.Json;

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Generations;
using PrintCraft.Api.Images;
using PrintCraft.Core.Generations;
using PrintCraft.Tests.Generations;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Caching;

public sealed class PreparedBodyTests
{
    private readonly FixedTime _time = new(SampleGeneration.Noon);
    private readonly GenerationBodies _bodies;
    private readonly GenerationResources _resources;
    private readonly DefaultHttpContext _http = new();
    private readonly ReadRow _row = new(SampleGeneration.Accepted(
        status: GenerationStatus.Succeeded, completedAt: SampleGeneration.Noon, images: [SampleGeneration.Image(0, ImageStatus.Succeeded), SampleGeneration.Image(1, ImageStatus.Succeeded)]));

    public PreparedBodyTests()
    {
        var urls = new ImageUrls(Options.Create(new ImageUrlOptions { SigningKey = "a key of sixteen characters" }), _time);
        _bodies = new GenerationBodies(urls, Options.Create(new JsonOptions()));
        _resources = new GenerationResources(urls, new HttpContextAccessor { HttpContext = _http });
        (_http.Request.Scheme, _http.Request.Host) = ("https", new HostString("printcraft.test"));
    }

    [Fact]
    public void A_body_serves_until_its_signatures_change()
    {
        var first = Body();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Same(first, Body());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ExpiryOf(first).AddMinutes(1), ExpiryOf(Body()));
    }

    [Fact]
    public void A_body_serves_only_the_address_it_was_made_for()
    {
        Body();

        _http.Request.Host = new HostString("other.test");
        Assert.Contains("\"imageUrl\":\"https://other.test/", Encoding.UTF8.GetString(Body()), StringComparison.Ordinal);
        _http.Request.PathBase = "/api";
        Assert.Contains("\"imageUrl\":\"https://other.test/api/", Encoding.UTF8.GetString(Body()), StringComparison.Ordinal);
        _http.Request.Scheme = "http";
        Assert.Contains("\"imageUrl\":\"http://other.test/api/", Encoding.UTF8.GetString(Body()), StringComparison.Ordinal);
    }

    private byte[] Body() => _bodies.Of(_row, _http.Request, _resources).Json;

    private static DateTimeOffset ExpiryOf(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("expiresAt").GetDateTimeOffset();
}
