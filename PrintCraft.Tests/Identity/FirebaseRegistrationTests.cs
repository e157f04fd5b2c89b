using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class FirebaseRegistrationTests
{
    [Theory]
    [InlineData("Development", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")]
    [InlineData("Testing", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")]
    [InlineData("Development", "Firebase:GoogleAddress", "http://127.0.0.1:1")]
    [InlineData("Testing", "Firebase:GoogleAddress", "http://127.0.0.1:1")]
    [InlineData("Production", "FIREBASE_AUTH_EMULATOR_HOST", " ")]
    [InlineData("Production", "Firebase:ProjectId", "printcraft-live")]
    [InlineData("Production", "Firebase:ServiceAccount", "")]
    public void What_lets_others_make_tokens_is_for_Development_and_Testing(string environment, string setting, string value) => Start(environment, setting, value);

    [Theory]
    [InlineData("Production", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099", "FIREBASE_AUTH_EMULATOR_HOST is set")]
    [InlineData("Staging", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099", "FIREBASE_AUTH_EMULATOR_HOST is set")]
    [InlineData("testing2", "Firebase:GoogleAddress", "http://127.0.0.1:1", "Firebase:GoogleAddress is set")]
    [InlineData("Production", "Firebase:GoogleAddress", "http://127.0.0.1:1", "Firebase:GoogleAddress is set")]
    [InlineData("Development", "Firebase:ServiceAccount", "/no/such/file", "Firebase:ServiceAccount is neither")]
    [InlineData("Development", "Firebase:ServiceAccount", """{"type":"service_account","private_key":"canary"}""", "Firebase:ServiceAccount is neither")]
    [InlineData("Development", "Firebase:ServiceAccount", """{"type":"authorized_user","refresh_token":"canary"}""", "Firebase:ServiceAccount is neither")]
    [InlineData("Development", "Firebase:ServiceAccount", "{canary", "Firebase:ServiceAccount is neither")]
    [InlineData("Development", "Firebase:Timeout", "00:00:00", "The field Timeout")]
    public void Every_other_environment_and_a_wrong_setting_end_the_start(string environment, string setting, string value, string expected)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Start(environment, setting, value));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_the_emulator_the_project_is_the_demo_one_unless_another_is_named()
    {
        Assert.Equal("demo-printcraft", Start("Testing", "FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099").ProjectId);
        Assert.Equal("mine", Start("Testing", "Firebase:ProjectId", "mine").ProjectId);
        Assert.Null(Start("Testing", "Firebase:ProjectId", null).ProjectId);
    }

    private static FirebaseOptions Start(string environment, string setting, string? value)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [setting] = value });
        builder.AddFirebase();
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        return services.GetRequiredService<IOptions<FirebaseOptions>>().Value;
    }
}
