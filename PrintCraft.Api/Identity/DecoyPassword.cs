using Microsoft.AspNetCore.Identity;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>The hash of a password that nobody has: verified where there is no account, so that an unknown address costs the same work as a known one.</summary>
internal sealed class DecoyPassword(IPasswordHasher<User> hasher)
{
    public User Nobody { get; } = new() { Name = "", CreatedAt = default };

    public string Hash { get; } = hasher.HashPassword(null!, $"{Guid.NewGuid()}");
}
