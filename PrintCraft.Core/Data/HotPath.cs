using Npgsql;

namespace PrintCraft.Core.Data;

/// <summary>
/// A few connections of their own for the statements that every job needs. Each is planned once and finds every row by its key, whatever the planner
/// thinks of tables that were young when it looked.
/// </summary>
public static class HotPath
{
    /// <summary>Key of the data source among the services.</summary>
    public const string Key = "hot";

    private const string PlanOnceByKeys = "-c jit=off -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off";

    /// <param name="connections">At most so many.</param>
    /// <param name="lockTimeout">How long a statement waits for a lock before it fails (55P03): others may stand behind it.</param>
    public static NpgsqlDataSource Open(string? connectionString, int connections, TimeSpan lockTimeout) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxPoolSize = connections,
        MaxAutoPrepare = 60,
        AutoPrepareMinUsages = 1,
        NoResetOnClose = true,
        Options = $"{PlanOnceByKeys} -c idle_in_transaction_session_timeout=15000 -c lock_timeout={(int)lockTimeout.TotalMilliseconds}",
    }.ConnectionString);
}
