using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace PrintCraft.Api.Identity;

internal static class IdentityRegistration
{
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<IdentityOptions>()
            .BindConfiguration(IdentityOptions.Section)
            .ValidateDataAnnotations()
            .Validate<IHostEnvironment>(
                (options, environment) => string.IsNullOrEmpty(options.DevelopmentKey) || environment.IsDevelopment() || environment.IsEnvironment("Testing"),
                "Identity:DevelopmentKey is set, but the development credential works only in Development and Testing. Remove it.")
            .ValidateOnStart();

        builder.Services.AddAuthentication(BearerAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.Scheme, null);
        builder.Services.AddAuthorization(Policies.Configure);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<CurrentUser>();
        builder.Services.AddScoped<StandingCredential>();
        builder.Services.AddSingleton<Callers>();
        builder.Services.AddSingleton<KnownUsers>();
        builder.Services.AddSingleton<DevelopmentCredentials>();

        // One name and one place for all API processes: what one protected, another can read, also after a restart.
        builder.Services.AddDataProtection().SetApplicationName("PrintCraft");
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new ProtectionKeys(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<TimeProvider>())));

        builder.AddFirebase();
        return builder.AddAccounts();
    }
}
