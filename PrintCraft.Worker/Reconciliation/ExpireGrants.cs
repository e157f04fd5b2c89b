using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>Takes back what is left of grants whose time is over.</summary>
internal sealed class ExpireGrants(IServiceScopeFactory scopes, IOptions<ReconciliationOptions> options, TimeProvider time) : IChore
{
    private const string IsAnyDue = "SELECT EXISTS (SELECT FROM grants WHERE remaining > 0 AND expires_at <= $1)";

    public TimeSpan Interval => options.Value.SweepInterval;

    public async Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var look = connection.Statement(IsAnyDue, Value(time.GetUtcNow()));
        if (await look.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        var count = 0;
        while (await db.ExpireOneGrantAsync(time.GetUtcNow(), cancellationToken))
        {
            count++;
        }

        return count;
    }
}
