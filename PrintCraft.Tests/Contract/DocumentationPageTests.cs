using System.Net;
using System.Text.RegularExpressions;

namespace PrintCraft.Tests.Contract;

/// <summary>The page that tries the API out: its own files only, and a credential in Development only.</summary>
[Collection(nameof(BareApi))]
public sealed partial class DocumentationPageTests(BareApi fixture)
{
    [Fact]
    public async Task The_page_loads_files_of_this_process_alone_and_its_policy_lets_them_run()
    {
        using var page = await fixture.Production.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        var files = Source().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(4, files.Count);
        Assert.All(files, file => Assert.StartsWith("/docs/", file, StringComparison.Ordinal));
        foreach (var file in files)
        {
            using var answer = await fixture.Production.GetAsync(file);
            Assert.Equal((HttpStatusCode.OK, "nosniff"), (answer.StatusCode, answer.Headers.GetValues("X-Content-Type-Options").Single()));
        }
    }

    [Fact]
    public async Task The_credential_is_filled_in_in_Development_only()
    {
        Assert.Contains("\"pcdev_dev.", await fixture.Development.GetStringAsync("/docs/start.js"), StringComparison.Ordinal);
        Assert.Contains("null && ", await fixture.Production.GetStringAsync("/docs/start.js"), StringComparison.Ordinal);
        foreach (var path in new[] { "/docs", "/docs/start.js", "/openapi/v1.json", "/errors", "/docs/ui/index.js" })
        {
            Assert.DoesNotContain("pcdev_", await fixture.Production.GetStringAsync(path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/docs/ui")]
    [InlineData("/docs/ui/index.html")]
    public async Task Other_ways_lead_to_the_page(string path)
    {
        using var answer = await fixture.Production.GetAsync(path);

        Assert.Equal((HttpStatusCode.Found, "/docs"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Source();
}
