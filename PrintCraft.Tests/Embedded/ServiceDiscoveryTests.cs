using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PrintCraft.Tests.Embedded;

/// <summary>Where a request goes for a given configuration. The same holds with the real package.</summary>
public sealed class ServiceDiscoveryTests
{
    private static readonly string[] Http = ["web:http:0=http://localhost:5310"];
    private static readonly string[] Both = [.. Http, "web:https:0=https://localhost:7310"];

    [Theory]
    [InlineData("http://web/a", "http://localhost:5310/a")]
    [InlineData("https+http://web/a", "http://localhost:5310/a")]
    [InlineData("http+https://web/a", "http://localhost:5310/a")]
    [InlineData("http://WEB/a", "http://localhost:5310/a")]
    [InlineData("http://web:8080/a", "http://localhost:5310/a")]
    public Task A_service_with_an_http_address_is_found(string url, string sentTo) => Goes(Http, url, sentTo);

    [Fact]
    public Task Https_to_a_service_that_has_only_http_passes_through() => Goes(Http, "https://web/a", "https://web/a");

    [Theory]
    [InlineData("https+http://web/", "https://localhost:7310/")]
    [InlineData("http+https://web/", "http://localhost:5310/")]
    [InlineData("https://web/", "https://localhost:7310/")]
    [InlineData("http://web/", "http://localhost:5310/")]
    public Task The_first_listed_scheme_that_has_an_address_wins(string url, string sentTo) => Goes(Both, url, sentTo);

    [Fact]
    public async Task Two_addresses_take_turns_and_the_second_is_first()
    {
        var handler = new StubHandler(_ => new());
        using var client = Client(handler, ["web:http:0=http://localhost:1", "web:http:1=http://localhost:2"]);

        for (var i = 0; i < 4; i++)
        {
            using var _ = await client.GetAsync(new Uri("http://web/"));
        }

        Assert.Equal(["http://localhost:2/", "http://localhost:1/", "http://localhost:2/", "http://localhost:1/"], handler.Sent.Select(sent => sent.Url));
    }

    [Fact]
    public Task A_single_value_works_and_its_path_goes_before_the_requests() =>
        Goes(["web:http=http://localhost:7/base"], "http://web/a?b=c", "http://localhost:7/base/a?b=c");

    [Fact]
    public async Task A_value_that_is_no_address_is_an_error()
    {
        var error = await Assert.ThrowsAsync<KeyNotFoundException>(() => Goes(["web:http:0= "], "http://web/", ""));

        Assert.Equal("The endpoint configuration section for service 'web' endpoint 'http' has an invalid value with key '0'.", error.Message);
    }

    [Theory]
    [InlineData("http://nowhere/a", "http://nowhere/a")]
    [InlineData("http://nowhere:81/a", "http://nowhere:81/a")]
    [InlineData("https+http://nowhere/", "https://nowhere/")]
    [InlineData("https://api.replicate.com/v1/models", "https://api.replicate.com/v1/models")]
    [InlineData("http://127.0.0.1:5000/", "http://127.0.0.1:5000/")]
    public Task An_unknown_service_passes_through(string url, string sentTo) => Goes(Http, url, sentTo);

    [Fact]
    public Task Dashes_in_names_are_kept() => Goes(["dash-name:http:0=http://localhost:9002"], "http://dash-name/", "http://localhost:9002/");

    [Fact]
    public async Task The_request_keeps_its_own_address_and_host_header()
    {
        var handler = new StubHandler(_ => new());
        using var client = Client(handler, Http);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://web/a?b=%20c");

        using var response = await client.SendAsync(request);

        Assert.Equal("http://localhost:5310/a?b=%20c", handler.Sent.Single().Url);
        Assert.Equal("http://web/a?b=%20c", request.RequestUri!.AbsoluteUri);
        Assert.Null(request.Headers.Host);
    }

    [Fact]
    public async Task The_address_is_restored_after_a_failure_too()
    {
        using var client = Client(new StubHandler(_ => throw new HttpRequestException("down")), Http);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://web/a");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));

        Assert.Equal("http://web/a", request.RequestUri!.AbsoluteUri);
    }

    [Fact]
    public async Task A_reloaded_configuration_counts()
    {
        var handler = new StubHandler(_ => new());
        using var client = Client(handler, Http, out var configuration);
        using var before = await client.GetAsync(new Uri("http://web/"));

        configuration["Services:web:http:0"] = "http://localhost:6000";
        configuration.Reload();
        using var after = await client.GetAsync(new Uri("http://web/"));

        Assert.Equal(["http://localhost:5310/", "http://localhost:6000/"], handler.Sent.Select(sent => sent.Url));
    }

    private static async Task Goes(string[] services, string url, string sentTo)
    {
        var handler = new StubHandler(_ => new());
        using var client = Client(handler, services);

        using var response = await client.GetAsync(new Uri(url));

        Assert.Equal(sentTo, handler.Sent.Single().Url);
    }

    private static HttpClient Client(HttpMessageHandler handler, string[] settings) => Client(handler, settings, out _);

    private static HttpClient Client(HttpMessageHandler handler, string[] settings, out IConfigurationRoot configuration)
    {
        configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(line => line.Split('=', 2)).Select(line => KeyValuePair.Create("Services:" + line[0], (string?)line[1])))
            .Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddServiceDiscovery();
        services.AddHttpClient("").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => handler);
        return services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient();
    }
}
