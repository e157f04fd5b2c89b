using System.Buffers.Binary;

namespace PrintCraft.Api.Caching;

/// <summary>A value of the second level.</summary>
/// <param name="Payload">Empty when there is none.</param>
/// <param name="Version">Of its tag when it was looked for; a value may be written with this one only.</param>
/// <param name="Age">Since it was read from the database.</param>
public readonly record struct RedisEntry(ReadOnlyMemory<byte> Payload, Guid Version, TimeSpan Age)
{
    private const int HeaderLength = 16 + 16 + 8;

    /// <summary>Another build's values have another shape.</summary>
    private static readonly Guid Build = typeof(RedisEntry).Module.ModuleVersionId;

    /// <summary>As it lies in Redis: build, version, time in milliseconds, payload.</summary>
    public static byte[] Write(ReadOnlySpan<byte> payload, Guid version, DateTimeOffset now)
    {
        var value = new byte[HeaderLength + payload.Length];
        Build.TryWriteBytes(value);
        version.TryWriteBytes(value.AsSpan(16));
        BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(32), now.ToUnixTimeMilliseconds());
        payload.CopyTo(value.AsSpan(HeaderLength));
        return value;
    }

    /// <summary>Without payload when it is of another build or version, or no value at all.</summary>
    public static RedisEntry Read(byte[]? value, Guid version, DateTimeOffset now)
    {
        if (value is not { Length: > HeaderLength } || new Guid(value.AsSpan(0, 16)) != Build || new Guid(value.AsSpan(16, 16)) != version)
        {
            return new RedisEntry(default, version, default);
        }

        var age = now - DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(value.AsSpan(32)));
        return new RedisEntry(value.AsMemory(HeaderLength), version, age > TimeSpan.Zero ? age : TimeSpan.Zero);
    }
}
