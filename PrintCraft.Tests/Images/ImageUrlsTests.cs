using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Images;

public sealed class ImageUrlsTests
{
    private const string Key = "generations/u/g/0-0123456789abcdef.png";

    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_signed_address_is_allowed()
    {
        var (key, expires, signature) = Sign();

        Assert.Equal(Key, key);
        Assert.True(Urls().Allows(key, expires, signature));
    }

    /// <summary>Worked out with another HMAC-SHA256 (openssl) over "GET\n/images/{key}\n{expires}".</summary>
    [Fact]
    public void The_signature_covers_method_path_and_expiry()
    {
        Assert.Equal($"/images/{Key}?expires=1795263300&signature=8VZJRTmWwUM6P4CqQiJSv_4HfTmhfnDUelizurRsBag", Urls().Sign(Key, DateTimeOffset.FromUnixTimeSeconds(1795263300)));
    }

    [Theory]
    [InlineData("generations/u/g/1-0123456789abcdef.png")]
    [InlineData("generations/u/g/0-0123456789abcdef.png/")]
    [InlineData("generations/u/g/0-0123456789abcdef.PNG")]
    [InlineData("/generations/u/g/0-0123456789abcdef.png")]
    [InlineData("generations/u/x/../g/0-0123456789abcdef.png")]
    [InlineData("")]
    public void Another_path_is_refused(string key)
    {
        var (_, expires, signature) = Sign();

        Assert.False(Urls().Allows(key, expires, signature));
    }

    [Fact]
    public void Another_expiry_is_refused()
    {
        var (key, expires, signature) = Sign();

        Assert.All(
            [null, "", "0", $"{expires}0", $" {expires}", $"+{expires}", $"0{expires}", $"{expires}\n", "9999999999", "99999999999999999999", "never"],
            other => Assert.False(Urls().Allows(key, other, signature)));
    }

    [Fact]
    public void Any_other_signature_is_refused()
    {
        var (key, expires, signature) = Sign();

        Assert.All(
            Enumerable.Range(0, signature.Length),
            at => Assert.False(Urls().Allows(key, expires, $"{signature[..at]}{(signature[at] == 'A' ? 'B' : 'A')}{signature[(at + 1)..]}")));
        Assert.All(
            [null, "", signature[1..], $"{signature}=", $" {signature}", signature.ToUpperInvariant(), new string('é', signature.Length)],
            other => Assert.False(Urls().Allows(key, expires, other)));
    }

    [Fact]
    public void The_signature_of_another_key_is_refused()
    {
        var (key, expires, signature) = Sign();

        Assert.False(Urls("another signing key").Allows(key, expires, signature));
    }

    [Fact]
    public void An_address_works_until_its_second_and_not_a_second_longer()
    {
        var urls = Urls();
        var (key, expires, signature) = Sign();

        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.True(urls.Allows(key, expires, signature));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(urls.Allows(key, expires, signature));
    }

    [Fact]
    public void Addresses_signed_in_the_same_minute_are_alike_and_never_live_longer_than_asked()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var early = Urls().Expiry();
        _time.Advance(TimeSpan.FromSeconds(58));
        var late = Urls().Expiry();
        _time.Advance(TimeSpan.FromSeconds(1));
        var next = Urls().Expiry();

        Assert.Equal(new DateTimeOffset(2026, 11, 21, 12, 15, 0, TimeSpan.Zero), early);
        Assert.Equal(early, late);
        Assert.Equal(early.AddMinutes(1), next);
    }

    [Fact]
    public void A_short_life_is_not_rounded_away()
    {
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(_time.GetUtcNow().AddSeconds(30), Urls(lifetime: TimeSpan.FromSeconds(30)).Expiry());
    }

    private (string Key, string Expires, string Signature) Sign()
    {
        var urls = Urls();
        var address = new Uri(new Uri("http://api"), urls.Sign(Key, urls.Expiry()));
        var query = QueryHelpers.ParseQuery(address.Query);
        return (address.AbsolutePath["/images/".Length..], query["expires"].Single()!, query["signature"].Single()!);
    }

    private ImageUrls Urls(string signingKey = "a signing key of the tests", TimeSpan? lifetime = null) =>
        new(Options.Create(new ImageUrlOptions { SigningKey = signingKey, UrlLifetime = lifetime ?? TimeSpan.FromMinutes(15) }), _time);
}
