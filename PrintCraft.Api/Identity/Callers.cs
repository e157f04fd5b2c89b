using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>What became of a credential.</summary>
/// <param name="Caller">Null when it was refused.</param>
/// <param name="Until">When it ends by itself; it is asked again by then at the latest.</param>
internal readonly record struct Recognition(Caller? Caller, DateTimeOffset Until)
{
    public static Recognition Refused { get; } = new(null, DateTimeOffset.MaxValue);

    public static Recognition Of(Caller caller) => new(caller, DateTimeOffset.MaxValue);
}

/// <summary>
/// Recognises a caller by the credential that was sent, of whatever kind, and remembers the answer for <see cref="IdentityOptions.Memory"/>: so a
/// request costs a hash, and a revocation takes effect within that time in every API process.
/// </summary>
internal sealed class Callers(
    DevelopmentCredentials development, AccessTokens sessions, ApiKeys.ApiKeys apiKeys, FirebaseCredentials firebase, IOptions<IdentityOptions> options, TimeProvider time)
{
    /// <summary>Forgets everybody above this; being asked again costs one statement.</summary>
    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<UInt128, Entry> _known = new();

    /// <summary>Null when the credential is good for nothing.</summary>
    public async ValueTask<Caller?> RecogniseAsync(string credential, CancellationToken cancellationToken)
    {
        var key = Key(credential);
        var now = time.GetUtcNow();
        if (!_known.TryGetValue(key, out var entry) || entry.Until <= now)
        {
            if (_known.Count >= Capacity)
            {
                _known.Clear();
            }

            // Of requests that come at once only one asks; it is not cancelled with the request that came first, because others wait for it too.
            var fresh = new Entry(now + options.Value.Memory, new Lazy<Task<Recognition>>(() => AskAsync(credential, CancellationToken.None)));
            entry = entry is null ? _known.GetOrAdd(key, fresh) : _known.TryUpdate(key, fresh, entry) ? fresh : _known.GetValueOrDefault(key, fresh);
        }

        try
        {
            var recognition = await entry.Answer.Value.WaitAsync(cancellationToken);
            entry.Answered(recognition.Caller?.UserId);
            return recognition.Until > now ? recognition.Caller : null;
        }
        catch when (entry.Answer.Value.IsFaulted)
        {
            _known.TryRemove(KeyValuePair.Create(key, entry));
            throw;
        }
    }

    /// <summary>Forgets everything, so that a change in this process takes effect with the next request.</summary>
    public void Forget() => _known.Clear();

    /// <summary>Forgets one user's credentials, and what is being asked at the moment: it may have been answered before the change.</summary>
    public void Forget(Guid userId)
    {
        foreach (var known in _known.Where(known => !known.Value.IsAnswered || known.Value.UserId == userId))
        {
            _known.TryRemove(known);
        }
    }

    private Task<Recognition> AskAsync(string credential, CancellationToken cancellationToken) => credential switch
    {
        _ when credential.StartsWith(DevelopmentCredential.Prefix, StringComparison.Ordinal) => development.RecogniseAsync(credential, cancellationToken),
        _ when credential.StartsWith(AccessTokens.Prefix, StringComparison.Ordinal) => sessions.RecogniseAsync(credential, cancellationToken),
        _ when credential.StartsWith(ApiKeySecret.Start, StringComparison.Ordinal) => apiKeys.RecogniseAsync(credential, cancellationToken),
        _ => firebase.RecogniseAsync(credential, cancellationToken),
    };

    /// <summary>Half a SHA-256: nobody finds two credentials with the same one, and the credential itself is not kept.</summary>
    private static UInt128 Key(string credential)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(credential), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private sealed record Entry(DateTimeOffset Until, Lazy<Task<Recognition>> Answer)
    {
        private volatile bool _isAnswered;

        public bool IsAnswered => _isAnswered;

        /// <summary>Null also when it was refused.</summary>
        public Guid? UserId { get; private set; }

        public void Answered(Guid? userId)
        {
            if (!_isAnswered)
            {
                UserId = userId;
                _isAnswered = true;
            }
        }
    }
}
