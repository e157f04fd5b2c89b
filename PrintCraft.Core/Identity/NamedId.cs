using System.Security.Cryptography;
using System.Text;

namespace PrintCraft.Core.Identity;

/// <summary>Ids of users whom somebody else names: the same name is always the same user, and nobody has to look him up.</summary>
public static class NamedId
{
    /// <summary>A version 8 UUID (RFC 9562) from the SHA-256 of the name.</summary>
    /// <param name="name">With the authority in it, so that two of them never mean the same user.</param>
    public static Guid Of(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
