using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

using PrintCraft.Api.Studio;
using PrintCraft.Tests.Contract;

namespace PrintCraft.Tests.Studio;

/// <summary>How the page is served: nothing here needs a browser or a database.</summary>
[Collection(nameof(BareApi))]
public sealed partial class StudioFilesTests(BareApi fixture)
{
    [Fact]
    public async Task The_page_has_own_files_alone_which_a_browser_keeps_for_good()
    {
        using var page = await fixture.Production.GetAsync("/");
        var html = await page.Content.ReadAsStringAsync();
        var files = Source().Matches(html).Select(match => match.Groups[1].Value).Where(file => file.StartsWith("/studio/", StringComparison.Ordinal)).Distinct().ToList();

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.True(files.Count > 15, "the page has lost its files");
        Assert.DoesNotContain("{version}", html, StringComparison.Ordinal);
        Assert.DoesNotContain("//", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        foreach (var file in files)
        {
            using var answer = await fixture.Production.GetAsync(file);
            Assert.Equal((file, HttpStatusCode.OK), (file, answer.StatusCode));
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.GetValues("Cache-Control").Single());
            Assert.Matches("^(text/javascript|text/css|image/svg[+]xml|font/woff2)$", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public async Task Its_policy_allows_nothing_inline_and_nobody_else()
    {
        using var page = await fixture.Production.GetAsync("/");
        var html = await page.Content.ReadAsStringAsync();
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));

        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script>|<style|style=|\\son[a-z]+=", html);
    }

    [Fact]
    public void Firebase_is_called_only_where_it_is_configured()
    {
        Assert.Null(StudioFirebase.Of("my-project", null, null));
        Assert.Null(StudioFirebase.Of(null, null, "a key"));
        Assert.Contains("connect-src 'self';", StudioEndpoints.ContentSecurityPolicy(null), StringComparison.Ordinal);
        Assert.Contains(
            "connect-src 'self' https://identitytoolkit.googleapis.com https://securetoken.googleapis.com;",
            StudioEndpoints.ContentSecurityPolicy(StudioFirebase.Of("my-project", null, "a key")),
            StringComparison.Ordinal);
        Assert.Contains("connect-src 'self' http://localhost:5330;", StudioEndpoints.ContentSecurityPolicy(StudioFirebase.Of("demo", "localhost:5330", null)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_the_page_is_not_sent_it_again_and_text_is_compressed()
    {
        using var page = await fixture.Production.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { page.Headers.ETag! } } };
        using var style = new HttpRequestMessage(HttpMethod.Get, $"/studio/{StudioFiles.Version}/studio.css") { Headers = { AcceptEncoding = { new("br") } } };

        Assert.Equal(HttpStatusCode.NotModified, (await fixture.Production.SendAsync(again)).StatusCode);
        Assert.Equal(["br"], (await fixture.Production.SendAsync(style)).Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData("nothing.js")]
    [InlineData("..%2Fappsettings.json")]
    public async Task There_are_no_other_files(string name)
    {
        using var answer = await fixture.Production.GetAsync($"/studio/{StudioFiles.Version}/{name}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_version_gets_the_file_and_does_not_keep_it()
    {
        using var answer = await fixture.Production.GetAsync("/studio/another/app.js");

        Assert.Equal((HttpStatusCode.OK, "no-cache"), (answer.StatusCode, answer.Headers.GetValues("Cache-Control").Single()));
    }

    [Fact]
    public async Task It_is_told_a_credential_in_development_only()
    {
        var production = JsonDocument.Parse(await fixture.Production.GetStringAsync("/studio/config.json")).RootElement;
        var development = JsonDocument.Parse(await fixture.Development.GetStringAsync("/studio/config.json")).RootElement;

        Assert.Equal(
            ("Production", JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null),
            (production.GetProperty("environment").GetString(), production.GetProperty("developmentCredential").ValueKind, production.GetProperty("dashboardUrl").ValueKind, production.GetProperty("firebase").ValueKind));
        Assert.StartsWith("pcdev_dev.", development.GetProperty("developmentCredential").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("pcdev_", await fixture.Development.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Source();
}
