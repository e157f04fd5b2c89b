using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Identity's codes by letter, with a lifetime of their own.</summary>
internal sealed class VerificationCodes(IDataProtectionProvider protection, IOptions<AccountOptions> accounts, ILogger<DataProtectorTokenProvider<User>> logger)
    : DataProtectorTokenProvider<User>(
        protection, Microsoft.Extensions.Options.Options.Create(new DataProtectionTokenProviderOptions { Name = nameof(VerificationCodes), TokenLifespan = accounts.Value.VerificationLifetime }), logger);
