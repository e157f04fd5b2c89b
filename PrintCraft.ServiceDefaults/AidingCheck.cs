using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PrintCraft.ServiceDefaults;

/// <summary>
/// Redis and RabbitMQ aid the product, they do not carry it: without them it is Degraded (200), never Unhealthy (503).
/// Their clients connect while the container resolves them, which blocks for up to half a minute and heeds no token. So the
/// check runs beside the request, in its own scope, and only one at a time: callers wait their few seconds for the one that runs.
/// </summary>
internal sealed class AidingCheck(Func<IServiceProvider, IHealthCheck> inner, TimeSpan patience, IServiceScopeFactory scopes) : IHealthCheck
{
    private readonly Lock _gate = new();
    private Task<HealthCheckResult> _running = Task.FromResult(HealthCheckResult.Degraded());

    public static bool IsFor(HealthCheckRegistration registration) =>
        registration.Name.StartsWith("StackExchange.Redis", StringComparison.Ordinal)
        || registration.Name.StartsWith("RabbitMQ.Client", StringComparison.Ordinal);

    public static void Wrap(HealthCheckRegistration registration, IServiceScopeFactory scopes)
    {
        var check = new AidingCheck(registration.Factory, registration.Timeout, scopes);
        registration.FailureStatus = HealthStatus.Degraded;
        registration.Factory = _ => check;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Task<HealthCheckResult> running;
        lock (_gate)
        {
            running = _running = _running.IsCompleted ? Task.Run(() => RunAsync(context), CancellationToken.None) : _running;
        }

        var result = await running.WaitAsync(cancellationToken);
        return result.Status == HealthStatus.Unhealthy
            ? HealthCheckResult.Degraded(result.Description, result.Exception, result.Data)
            : result;
    }

    private async Task<HealthCheckResult> RunAsync(HealthCheckContext context)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            using var timeout = new CancellationTokenSource(patience);
            return await inner(scope.ServiceProvider).CheckHealthAsync(context, timeout.Token);
        }
        catch (Exception exception)
        {
            return HealthCheckResult.Degraded(exception: exception);
        }
    }
}
