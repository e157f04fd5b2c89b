using System.Collections.Concurrent;

using Microsoft.Extensions.Options;

namespace PrintCraft.Api.RateLimits;

/// <summary>Addresses that are over their quota, so that for a while their requests cost neither a look at Redis nor at a credential.</summary>
internal sealed class RefusedAddresses(IOptions<RateLimitOptions> options, TimeProvider time)
{
    /// <summary>Forgets all above this; each is then refused once more the long way.</summary>
    private const int Capacity = 100_000;

    private readonly ConcurrentDictionary<string, Refusal> _refused = new(StringComparer.Ordinal);
    private volatile int _count;

    /// <param name="left">Until its window ends.</param>
    public void Remember(string address, TimeSpan left)
    {
        if (_count >= Capacity)
        {
            _refused.Clear();
        }

        var now = time.GetTimestamp();
        _refused[address] = new Refusal(now, left, left < options.Value.RefusalMemory ? left : options.Value.RefusalMemory);
        _count = _refused.Count;
    }

    /// <summary>How long its window still goes on; null when the address may be looked at.</summary>
    public TimeSpan? Left(string address)
    {
        if (_count == 0 || !_refused.TryGetValue(address, out var refusal))
        {
            return null;
        }

        var passed = time.GetElapsedTime(refusal.At);
        if (passed < refusal.Memory)
        {
            return refusal.Left - passed;
        }

        _refused.TryRemove(KeyValuePair.Create(address, refusal));
        _count = _refused.Count;
        return null;
    }

    public bool IsEmpty => _count == 0;

    private readonly record struct Refusal(long At, TimeSpan Left, TimeSpan Memory);
}
