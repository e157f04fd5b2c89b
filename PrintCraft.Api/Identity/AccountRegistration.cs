using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

internal static class AccountRegistration
{
    private const string Verification = nameof(Verification);
    private const string Reset = nameof(Reset);

    /// <summary>
    /// Local accounts on ASP.NET Core Identity: its hashes, stamps, codes and store. Counting wrong passwords and sessions are ours (<see cref="Passwords"/>,
    /// <see cref="Sessions"/>): what happens at the same time is decided by the database there.
    /// </summary>
    public static WebApplicationBuilder AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccountOptions>().BindConfiguration(AccountOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        builder.Services.AddOptions<PasswordHasherOptions>().Configure<IOptions<AccountOptions>>((hasher, accounts) => hasher.IterationCount = accounts.Value.PasswordIterations);
        builder.Services.AddIdentityCore<User>(Configure)
            .AddEntityFrameworkStores<PrintCraftDb>()
            .AddTokenProvider<DataProtectorTokenProvider<User>>(Reset)
            .AddTokenProvider<VerificationCodes>(Verification);
        builder.Services.AddOptions<DataProtectionTokenProviderOptions>().Configure<IOptions<AccountOptions>>((codes, accounts) => codes.TokenLifespan = accounts.Value.ResetLifetime);
        // It knows user names, which nobody has here. AccountRules check the address, the unique index that it is new.
        builder.Services.RemoveAll<IUserValidator<User>>();

        builder.Services.AddSingleton<DecoyPassword>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddScoped<Passwords>();
        builder.Services.AddScoped<Sessions>();
        builder.Services.AddScoped<AccountLetters>();
        return builder;
    }

    private static void Configure(Microsoft.AspNetCore.Identity.IdentityOptions identity)
    {
        identity.Tokens.EmailConfirmationTokenProvider = Verification;
        identity.Tokens.PasswordResetTokenProvider = Reset;
        // Length is what counts (NIST SP 800-63B, 3.1.1.2).
        identity.Password = new PasswordOptions
        {
            RequiredLength = AccountRules.MinPassword,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
            RequiredUniqueChars = 1,
        };
    }

    /// <summary>An outcome that the rules before it leave no other way.</summary>
    public static void Demand(this IdentityResult result)
    {
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"ASP.NET Core Identity refused: {string.Join(", ", result.Errors.Select(error => error.Code))}.");
        }
    }
}
