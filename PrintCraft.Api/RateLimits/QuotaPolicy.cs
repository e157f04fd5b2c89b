using System.Globalization;

using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;

namespace PrintCraft.Api.RateLimits;

/// <summary>One rule of how much: so many units, in each window if it has one. The name is part of the contract.</summary>
/// <param name="Quota">Units; 0 is no limit.</param>
/// <param name="Unit">Further parameters of the policy's item, when its units are not requests.</param>
internal sealed record QuotaPolicy(string Name, int Quota, TimeSpan? Window, string Unit = "")
{
    public bool IsOn => Quota > 0;

    /// <summary>As an item of <c>RateLimit-Policy</c>.</summary>
    public string Item { get; } = string.Create(
        CultureInfo.InvariantCulture, $"\"{Name}\";q={Quota}{(Window is { } window ? $";w={Math.Ceiling(window.TotalSeconds)}" : "")}{Unit}");

    /// <summary>The window of somebody. The braces put all of them on one node of a Redis cluster: one call counts several.</summary>
    public Take Of(string who, int cost = 1) => new(this, $"{{rl}}:{Name}:{who}", cost);
}

/// <summary>The policies, as configured. A unit that is not registered for <c>qu</c> has a parameter of our own.</summary>
internal sealed class QuotaPolicies(IOptions<RateLimitOptions> options)
{
    public QuotaPolicy User { get; } = new("user", options.Value.UserRequests, options.Value.UserWindow);

    public QuotaPolicy Ip { get; } = new("ip", options.Value.IpRequests, options.Value.IpWindow);

    public QuotaPolicy Auth { get; } = new("auth", options.Value.AuthFailures, options.Value.AuthWindow);

    public QuotaPolicy Generation { get; } = new("generation", options.Value.GenerationCredits, options.Value.GenerationWindow, ";printcraft-unit=\"credits\"");

    public QuotaPolicy Jobs { get; } = new("jobs", options.Value.JobsPerUser, null, ";printcraft-unit=\"jobs\"");

    public QuotaPolicy Streams { get; } = new("streams", options.Value.StreamsPerUser, null, ";qu=\"concurrent-requests\"");

    /// <summary>What one request, or one call of a hub, takes: of its user, if it has one, and of its address.</summary>
    public Take[] OfRequest(HttpContext context)
    {
        var (user, address) = (context.Features.Get<Caller>()?.UserId, ClientAddress.Of(context.Connection.RemoteIpAddress));
        return (user is not null && User.IsOn, Ip.IsOn) switch
        {
            (true, true) => [User.Of($"{user}"), Ip.Of(address)],
            (true, false) => [User.Of($"{user}")],
            (false, true) => [Ip.Of(address)],
            _ => [],
        };
    }
}
