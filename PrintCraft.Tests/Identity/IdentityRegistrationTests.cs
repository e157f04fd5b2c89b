using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class IdentityRegistrationTests
{
    [Theory]
    [InlineData("Development", "a key")]
    [InlineData("Testing", "a key")]
    [InlineData("Production", "")]
    public void The_development_credential_is_for_Development_and_Testing(string environment, string key) => Start(environment, key);

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    [InlineData("development2")]
    public void With_a_development_key_no_other_environment_starts(string environment)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start(environment, "a key"));

        Assert.StartsWith("Identity:DevelopmentKey is set", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a key", error.Message, StringComparison.Ordinal);
    }

    private static void Start(string environment, string key)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Identity:DevelopmentKey"] = key });
        builder.AddIdentity();
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
