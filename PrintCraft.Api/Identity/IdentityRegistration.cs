using Microsoft.AspNetCore.Authentication;

namespace PrintCraft.Api.Identity;

internal static class IdentityRegistration
{
    public static WebApplicationBuilder AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<IdentityOptions>()
            .BindConfiguration(IdentityOptions.Section)
            .Validate<IHostEnvironment>(
                (options, environment) => string.IsNullOrEmpty(options.DevelopmentKey) || environment.IsDevelopment() || environment.IsEnvironment("Testing"),
                "Identity:DevelopmentKey is set, but the development credential works only in Development and Testing. Remove it.")
            .ValidateOnStart();

        builder.Services.AddAuthentication(DevelopmentAuthentication.Scheme)
            .AddScheme<AuthenticationSchemeOptions, DevelopmentAuthentication>(DevelopmentAuthentication.Scheme, null);
        builder.Services.AddAuthorization(options => options.AddPolicy(Roles.Admin, policy => policy.RequireRole(Roles.Admin)));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped<CurrentUser>();
        builder.Services.AddSingleton<KnownUsers>();
        return builder;
    }
}
