using StackExchange.Redis;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// The windows in Redis, which all API processes share. One script call settles a request; requests that come while one is under way share the next,
/// which saves most of what a call costs under load, and makes nobody wait at rest.
/// </summary>
internal sealed class SharedWindows(LimitsInRedis redis)
{
    /// <summary>Requests of one call: it keeps Redis for about a tenth of a millisecond.</summary>
    private const int MaxTogether = 64;

    /// <summary>
    /// A window per key; four arguments per key: quota, length in milliseconds, cost, and 1 when the request goes on with the next key. Counts first and
    /// takes back when one of the request's windows is over its quota, so each passes or leaves nothing behind.
    /// </summary>
    private const string Script = """
        local answer, first, refused = {}, 1, false
        for i = 1, #KEYS do
          local a = 4 * i
          local used = redis.call('INCRBY', KEYS[i], ARGV[a - 1])
          if used < 0 then redis.call('DEL', KEYS[i]) end
          local left = redis.call('PTTL', KEYS[i])
          if left < 0 then
            redis.call('PEXPIRE', KEYS[i], ARGV[a - 2])
            left = tonumber(ARGV[a - 2])
          end
          answer[2 * i - 1] = used - ARGV[a - 1]
          answer[2 * i] = left
          refused = refused or used > tonumber(ARGV[a - 3])
          if ARGV[a] == '0' then
            if refused then
              for k = first, i do redis.call('DECRBY', KEYS[k], ARGV[4 * k - 1]) end
            end
            first, refused = i + 1, false
          end
        end
        return answer
        """;

    private readonly Lock _lock = new();
    private readonly Queue<Request> _waiting = new();
    private bool _isAsking;

    /// <summary>Whether the request may pass; null when Redis cannot say.</summary>
    public Task<bool?> TryTakeAsync(Take[] takes, CancellationToken cancellationToken)
    {
        if (!redis.IsUp || cancellationToken.IsCancellationRequested)
        {
            return Task.FromResult<bool?>(null);
        }

        // Not given up with its caller: the answer comes within the patience.
        var request = new Request(takes);
        lock (_lock)
        {
            _waiting.Enqueue(request);
            if (_isAsking)
            {
                return request.Task;
            }

            _isAsking = true;
        }

        using (ExecutionContext.SuppressFlow())
        {
            // It goes on for others, whose traces are not this one's.
            _ = AskAsync();
        }

        return request.Task;
    }

    private async Task AskAsync()
    {
        while (Next() is { } together)
        {
            long[]? windows = null;
            try
            {
                windows = await CountAsync(together);
            }
            finally
            {
                var from = 0;
                foreach (var request in together)
                {
                    request.End(windows is null ? default : windows.AsSpan(from));
                    from += 2 * request.Takes.Length;
                }
            }
        }
    }

    private List<Request>? Next()
    {
        lock (_lock)
        {
            _isAsking = _waiting.Count > 0;
            if (!_isAsking)
            {
                return null;
            }

            var together = new List<Request>(Math.Min(_waiting.Count, MaxTogether));
            while (together.Count < MaxTogether && _waiting.TryDequeue(out var request))
            {
                together.Add(request);
            }

            return together;
        }
    }

    private async Task<long[]?> CountAsync(List<Request> together)
    {
        var count = together.Sum(request => request.Takes.Length);
        var (keys, values) = (new RedisKey[count], new RedisValue[4 * count]);
        var place = 0;
        foreach (var takes in together.Select(request => request.Takes))
        {
            for (var index = 0; index < takes.Length; index++, place++)
            {
                var (policy, isLast) = (takes[index].Policy, index == takes.Length - 1);
                keys[place] = takes[index].Key;
                values[4 * place] = policy.Quota;
                values[(4 * place) + 1] = (long)policy.Window!.Value.TotalMilliseconds;
                values[(4 * place) + 2] = takes[index].Cost;
                values[(4 * place) + 3] = isLast ? 0 : 1;
            }
        }

        var answer = await redis.TryEvaluateAsync(Script, keys, values, CancellationToken.None);
        return answer is null ? null : (long[]?)answer;
    }

    private sealed class Request(Take[] takes) : TaskCompletionSource<bool?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Take[] Takes => takes;

        public void End(ReadOnlySpan<long> windows) => SetResult(windows.IsEmpty ? null : Take.Settle(takes, windows));
    }
}
