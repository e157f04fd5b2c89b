using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;

namespace PrintCraft.Api.Identity;

/// <summary>
/// The tokens by which a session calls: <c>pca_</c> and base64url of user, session and end, sealed by Data Protection, whose keys all API processes share.
/// There is no header to choose an algorithm by and no claim to trust: whether the session goes on, and the role, are read from the database.
/// </summary>
internal sealed class AccessTokens(IDataProtectionProvider protection, IServiceScopeFactory scopes, IOptions<AccountOptions> options, TimeProvider time)
{
    public const string Prefix = "pca_";

    private const byte Version = 1;
    private const int UserAt = 1;
    private const int SessionAt = UserAt + 16;
    private const int EndAt = SessionAt + 16;
    private const int Length = EndAt + sizeof(long);

    private readonly IDataProtector _protector = protection.CreateProtector("access token");

    public string Issue(Guid userId, Guid sessionId)
    {
        var bytes = new byte[Length];
        bytes[0] = Version;
        userId.TryWriteBytes(bytes.AsSpan(UserAt), bigEndian: true, out _);
        sessionId.TryWriteBytes(bytes.AsSpan(SessionAt), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(EndAt), (time.GetUtcNow() + options.Value.AccessLifetime).ToUnixTimeMilliseconds());
        return Prefix + Base64Url.EncodeToString(_protector.Protect(bytes));
    }

    public async Task<Recognition> RecogniseAsync(string credential, CancellationToken cancellationToken)
    {
        if (Unseal(credential.AsSpan(Prefix.Length)) is not [Version, ..] bytes || bytes.Length != Length)
        {
            return Recognition.Refused;
        }

        var userId = new Guid(bytes.AsSpan(UserAt, 16), bigEndian: true);
        var sessionId = new Guid(bytes.AsSpan(SessionAt, 16), bigEndian: true);
        var until = DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(EndAt)));
        return until > time.GetUtcNow() && await RoleAsync(userId, sessionId, cancellationToken) is { } role
            ? new Recognition(Caller.Person(userId, CredentialKind.Session, role, sessionId), until)
            : Recognition.Refused;
    }

    /// <summary>Null when the session was ended or the user disabled.</summary>
    private async Task<string?> RoleAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        return await (from session in db.Sessions
                      join user in db.Users on session.UserId equals user.Id
                      where session.Id == sessionId && user.Id == userId && session.RevokedAt == null && user.DisabledAt == null
                      select user.Role).SingleOrDefaultAsync(cancellationToken);
    }

    private byte[]? Unseal(ReadOnlySpan<char> text)
    {
        try
        {
            return Base64Url.IsValid(text) ? _protector.Unprotect(Base64Url.DecodeFromChars(text)) : null;
        }
        catch (CryptographicException exception) when (exception.InnerException?.GetBaseException() is not NpgsqlException)
        {
            // Forged, or sealed with a key that is no more. That the keys could not be read is another matter: 503.
            return null;
        }
    }
}
