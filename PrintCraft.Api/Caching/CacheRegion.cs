using System.Text.Json;

namespace PrintCraft.Api.Caching;

/// <summary>
/// What changes as one: <c>user:{id}</c>, <c>generation:{owner}:{id}</c>. Whoever changes it drops the tag after the commit, and every region that
/// shows something of it forgets that.
/// </summary>
public readonly record struct CacheTag(string Kind, string Subject)
{
    public static CacheTag User(Guid id) => new("user", id.ToString());

    public static CacheTag Generation(Guid owner, Guid id) => new("generation", $"{owner}:{id}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static CacheTag Parse(string text) => text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? new(text[..colon], text[(colon + 1)..]) : new(text, "");

    public override string ToString() => $"{Kind}:{Subject}";
}

/// <summary>One kind of thing that is cached. Each is a service, so that a dropped tag finds all of them.</summary>
public abstract class CacheRegion(string name, string kind, string? part, Func<CacheOptions, TimeSpan> lifetime)
{
    private readonly string _suffix = part is null ? "" : $":{part}";

    /// <summary>In the metrics.</summary>
    public string Name => name;

    /// <summary>Of the tags that it forgets at.</summary>
    public string Kind => kind;

    /// <summary>The key of both levels: the tag, and which part of it this is (<c>user:{id}:profile</c>).</summary>
    public string Key(CacheTag tag) => $"{tag.Kind}:{tag.Subject}{_suffix}";

    internal TimeSpan Lifetime(CacheOptions options) => lifetime(options);
}

/// <param name="part">What of the tag's subject this is; null when it is the whole.</param>
/// <param name="mayKeep">Which values stay as they are until their tag is dropped. Others are loaded anew for everybody who asks; null is never kept.</param>
/// <param name="atMost">How long a value is kept that is not to be kept as long as others; null for all others.</param>
public sealed class CacheRegion<T>(
    string name, string kind, string? part, Func<CacheOptions, TimeSpan> lifetime, Func<T, bool>? mayKeep = null, Func<T, TimeSpan?>? atMost = null)
    : CacheRegion(name, kind, part, lifetime)
    where T : class
{
    internal TimeSpan Lifetime(T value, CacheOptions options) =>
        atMost?.Invoke(value) is { } most && most < Lifetime(options) ? most : Lifetime(options);

    internal bool MayKeep(T? value) => value is not null && (mayKeep is null || mayKeep(value));

    internal static byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value);

    internal static T? Read(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize<T>(payload);
}
