using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.RateLimits;

/// <summary>Two APIs with small quotas, whose windows outlast every test, and no worker. Each test comes from addresses of its own.</summary>
public sealed partial class LimitedApis : QuietScenario
{
    public const string Policies = "\"user\";q=10;w=3600, \"ip\";q=20;w=7200";
    public const string Proxy = "127.9.9.9";

    private const int QuarterHour = 900;

    private int _addresses;

    protected override ScenarioPlan Plan => new()
    {
        Apis = 2,
        Workers = 0,
        Settings = new Dictionary<string, string?>
        {
            ["RateLimits__UserRequests"] = "10",
            ["RateLimits__UserWindow"] = "01:00:00",
            ["RateLimits__IpRequests"] = "20",
            ["RateLimits__IpWindow"] = "02:00:00",
            ["RateLimits__GenerationCredits"] = "6",
            ["RateLimits__GenerationWindow"] = "00:30:00",
            ["RateLimits__JobsPerUser"] = "3",
            ["RateLimits__StreamsPerUser"] = "2",
            ["RateLimits__StreamLease"] = "00:00:02",
            // The machine is busy, and an answer that comes late is no test of what Redis counts.
            ["RateLimits__Patience"] = "00:00:02",
            ["RateLimits__Recheck"] = "00:00:00.100",
            ["Proxies__Known__0"] = Proxy,
            ["Generations__QueueGrace"] = "01:00:00",
            ["Generations__Deadline"] = "02:00:00",
        },
    };

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await TogetherAsync();
    }

    /// <summary>Both count in Redis, which a process does as soon as it is connected: what one took, the other sees.</summary>
    public Task TogetherAsync() => Eventually.HoldsAsync(
        async () =>
        {
            var address = NewAddress();
            using var one = From(address);
            using var two = From(address, api: 1);
            return Standing(await one.GetAsync("/nothing")).Contains("r=19", StringComparison.Ordinal) && Standing(await two.GetAsync("/nothing")).Contains("r=18", StringComparison.Ordinal);
        },
        () => $"both processes to count in Redis. {Scenario.Story()}",
        TimeSpan.FromSeconds(60));

    /// <summary>An address that nobody else has.</summary>
    public string NewAddress() => $"127.{(Interlocked.Increment(ref _addresses) / 250) + 1}.0.{(_addresses % 250) + 1}";

    /// <summary>A client of an API that comes from this address; with the credential of a user, if one is named.</summary>
    public HttpClient From(string address, string? user = null, int api = 0)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var http = new HttpClient(handler) { BaseAddress = Scenario.Apis[api].Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = user is null ? null : Scenario.User(user).Http.DefaultRequestHeaders.Authorization;
        return http;
    }

    public static string NewName() => $"limited-{Guid.CreateVersion7():n}";

    /// <summary>The status and the <c>RateLimit</c> field, without the seconds that passed.</summary>
    public static string Standing(HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {(answer.Headers.TryGetValues("RateLimit", out var field) ? Seconds().Replace(field.Single(), match => $";t={RoundUp(match)}") : "")}".TrimEnd();

    /// <summary>Seconds that passed since a window began are no part of a test.</summary>
    private static int RoundUp(Match match) => (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + QuarterHour - 1) / QuarterHour * QuarterHour;

    [GeneratedRegex(";t=([0-9]+)")]
    private static partial Regex Seconds();
}

/// <summary>One after the other: Redis is broken for some.</summary>
[CollectionDefinition(nameof(LimitedApis))]
public sealed class LimitedApisTests : ICollectionFixture<LimitedApis>;
