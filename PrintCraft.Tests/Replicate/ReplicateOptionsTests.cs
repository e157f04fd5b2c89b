using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using PrintCraft.Replicate;

namespace PrintCraft.Tests.Replicate;

public sealed class ReplicateOptionsTests
{
    [Theory]
    [InlineData("https://replicate.delivery/a.png")]
    [InlineData("https://REPLICATE.delivery/a.png")]
    [InlineData("https://pbxt.replicate.delivery/a/b.png?x=y")]
    [InlineData("https://a.b.replicate.delivery/a.png")]
    public void Outputs_are_fetched_from_Replicates_delivery_hosts(string address) => Assert.True(Options().MayDownload(new Uri(address)));

    [Theory]
    [InlineData("http://replicate.delivery/a.png")]
    [InlineData("ftp://replicate.delivery/a.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://replicate.com/a.png")]
    [InlineData("https://evilreplicate.delivery/a.png")]
    [InlineData("https://replicate.delivery.evil.example/a.png")]
    [InlineData("https://replicate-delivery/a.png")]
    [InlineData("https://delivery/a.png")]
    [InlineData("https://evil.example/replicate.delivery")]
    [InlineData("https://evil.example/?replicate.delivery")]
    [InlineData("https://evil.example#.replicate.delivery")]
    [InlineData("https://replicate.delivery@evil.example/a.png")]
    [InlineData("https://me@replicate.delivery/a.png")]
    [InlineData("https://replicate.del\u0456very/a.png")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://127.0.0.1/a.png")]
    [InlineData("http://localhost/a.png")]
    public void Outputs_are_fetched_from_nowhere_else(string address) => Assert.False(Options().MayDownload(new Uri(address)));

    [Theory]
    [InlineData("http://127.0.0.1:5080/files/a.png", true)]
    [InlineData("http://localhost:5080/files/a.png", true)]
    [InlineData("https://localhost:5080/files/a.png", true)]
    [InlineData("http://files.example/a.png", false)]
    [InlineData("https://files.example/a.png", true)]
    [InlineData("https://replicate.delivery/a.png", false)]
    [InlineData("http://[::1]/a.png", false)]
    public void Configured_hosts_replace_the_defaults_and_plain_http_is_for_loopback_only(string address, bool mayDownload)
    {
        var options = Options(
            ("Replicate:DeliveryHosts:0", "127.0.0.1"), ("Replicate:DeliveryHosts:1", "localhost"), ("Replicate:DeliveryHosts:2", "files.example"));

        Assert.Equal(mayDownload, options.MayDownload(new Uri(address)));
    }

    [Fact]
    public void Only_the_token_is_needed()
    {
        var options = Options();

        Assert.Equal(("r8_test", new Uri("https+http://replicate"), null), (options.Token, options.BaseAddress, options.WebhookBaseUrl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_a_token_the_process_does_not_start_and_says_where_to_get_one(string token)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start("Production", ("Replicate:Token", token)));

        Assert.Contains("Replicate:Token is missing: set it to an API token of https://replicate.com/account/api-tokens.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "https://api.printcraft.example")]
    [InlineData("Production", "")]
    [InlineData("Development", "https://api.printcraft.example/")]
    [InlineData("Development", "http://localhost:5000")]
    [InlineData("Testing", "http://127.0.0.1:5000")]
    [InlineData("Testing", "http://[::1]:5000")]
    public void A_webhook_address_is_https_or_loopback_at_home(string environment, string url) => Start(environment, ("Replicate:WebhookBaseUrl", url));

    [Theory]
    [InlineData("Production", "http://api.printcraft.example")]
    [InlineData("Production", "http://localhost:5000")]
    [InlineData("Staging", "http://127.0.0.1:5000")]
    [InlineData("Development", "http://api.printcraft.example")]
    [InlineData("Development", "http://192.168.0.7:5000")]
    [InlineData("Development", "http://localhost.evil.example")]
    [InlineData("Testing", "ftp://localhost")]
    [InlineData("Testing", "file:///hooks")]
    [InlineData("Testing", "/hooks")]
    [InlineData("Testing", "api.printcraft.example")]
    public void With_any_other_webhook_address_the_process_does_not_start(string environment, string url)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start(environment, ("Replicate:WebhookBaseUrl", url)));

        Assert.Equal("Replicate:WebhookBaseUrl must be https (plain http only for loopback in Development and Testing).", error.Message);
    }

    private static ReplicateOptions Options(params (string Key, string Value)[] settings) => Start("Testing", settings);

    /// <summary>What a host does with its options when it starts.</summary>
    private static ReplicateOptions Start(string environment, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Replicate:Token"] = "r8_test" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.AddReplicate();
        using var host = builder.Build();
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        return host.Services.GetRequiredService<IOptions<ReplicateOptions>>().Value;
    }
}
