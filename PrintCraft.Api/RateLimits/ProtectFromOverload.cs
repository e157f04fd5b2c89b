using System.Threading.RateLimiting;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.RateLimits;

/// <summary>
/// Middleware before everything that costs: an address that is known to be over its quota goes no further, and of the others only so many are worked on
/// at a time. A few more wait; the rest is told at once to come back, so that those who are accepted are served as fast as ever.
/// </summary>
internal sealed class ProtectFromOverload : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly QuotaPolicies _policies;
    private readonly RefusedAddresses _refused;
    private readonly ConcurrencyLimiter? _places;
    private readonly BusyAnswer _busy;

    public ProtectFromOverload(RequestDelegate next, QuotaPolicies policies, RefusedAddresses refused, IOptions<RateLimitOptions> options, IOptions<JsonOptions> json)
    {
        (_next, _policies, _refused, _busy) = (next, policies, refused, new BusyAnswer(options.Value.RetryWhenFull, json.Value.SerializerOptions));
        _places = options.Value.Places == 0 ? null : new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.Places,
            QueueLimit = options.Value.Queue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            return _next(context);
        }

        if (!_refused.IsEmpty && !Quotas.IsWithout(context) && _refused.Left(ClientAddress.Of(context.Connection.RemoteIpAddress)) is { } left)
        {
            RequestLimits.Of(context).Add(Take.Refused(_policies.Ip, left));
            return ProblemRegistration.WriteAsync(context, ProblemCode.RateLimited);
        }

        return _places is null ? _next(context) : InPlaceAsync(context, _places);
    }

    public void Dispose() => _places?.Dispose();

    private async Task InPlaceAsync(HttpContext context, ConcurrencyLimiter places)
    {
        RateLimitLease place;
        try
        {
            place = await places.AcquireAsync(1, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Gone while it waited.
            return;
        }

        using (place)
        {
            if (!place.IsAcquired)
            {
                await _busy.WriteAsync(context.Response, context.RequestAborted);
                return;
            }

            context.Features.Set(place);
            await _next(context);
        }
    }
}
