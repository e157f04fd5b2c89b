using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Core.Identity;

/// <summary>
/// The token by which a session goes on: <c>pcr_</c> and base64url of the session's id and 32 random bytes. Good for one use. Only its hash is kept;
/// it is random and long, so a slow hash would gain nothing.
/// </summary>
public readonly record struct RefreshToken(string Text, Guid SessionId)
{
    public const string Prefix = "pcr_";

    private const int IdBytes = 16;
    private const int SecretBytes = 32;

    /// <summary>SHA-256 of the whole text.</summary>
    public byte[] Hash => SHA256.HashData(Encoding.UTF8.GetBytes(Text));

    public static RefreshToken Create(Guid sessionId)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + SecretBytes];
        sessionId.TryWriteBytes(bytes, bigEndian: true, out _);
        RandomNumberGenerator.Fill(bytes[IdBytes..]);
        return new(Prefix + Base64Url.EncodeToString(bytes), sessionId);
    }

    /// <summary>Whether it has the form of one; whether it is good only the session knows.</summary>
    public static bool TryRead(string? text, out RefreshToken token)
    {
        token = default;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length != Prefix.Length + Base64Url.GetEncodedLength(IdBytes + SecretBytes)
            || !Base64Url.IsValid(text.AsSpan(Prefix.Length), out var length) || length != IdBytes + SecretBytes)
        {
            return false;
        }

        token = new(text, new Guid(Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length)).AsSpan(0, IdBytes), bigEndian: true));
        return true;
    }
}
