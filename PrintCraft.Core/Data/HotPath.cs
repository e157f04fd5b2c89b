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

    /// <param name="options">More settings of the sessions, as the server's <c>-c name=value</c>.</param>
    public static NpgsqlDataSource Open(string? connectionString, string options) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        MaxPoolSize = 15,
        MaxAutoPrepare = 20,
        AutoPrepareMinUsages = 1,
        NoResetOnClose = true,
        Options = $"{PlanOnceByKeys} {options}",
    }.ConnectionString);
}
