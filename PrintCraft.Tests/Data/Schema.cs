using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

using PrintCraft.Core.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Data;

/// <summary>A schema as lines of text: one per table, column, key, foreign key and index, written alike for a model and for a database.</summary>
internal static class Schema
{
    /// <summary>Everything else that a database can have in its schema.</summary>
    private static readonly string[] Others =
    [
        "SELECT 'check ' || conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace",
        "SELECT 'constraint ' || conname FROM pg_constraint WHERE contype NOT IN ('c', 'f', 'p', 'n') AND connamespace = 'public'::regnamespace",
        "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT 'relation ' || relname FROM pg_class WHERE relkind NOT IN ('r', 'i') AND relnamespace = 'public'::regnamespace",
        "SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype <> 'c' AND typcategory <> 'A'",
        "SELECT 'default ' || adrelid::regclass || ' ' || pg_get_expr(adbin, adrelid) FROM pg_attrdef",
        "SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname <> 'public' AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'",
    ];

    public static IReadOnlyList<string> Of(PrintCraftDb db) =>
        [.. db.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.SelectMany(Lines).Order(StringComparer.Ordinal)];

    public static async Task<IReadOnlyList<string>> OfAsync(Database database)
    {
        const string Columns = "(SELECT string_agg(attname, ', ' ORDER BY place) FROM unnest({0}) WITH ORDINALITY AS keys (key, place) JOIN pg_attribute ON attrelid = {1} AND attnum = key)";
        var lines = await database.ListAsync($"""
            SELECT 'table ' || relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '' ELSE ' null' END
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
            UNION ALL
            SELECT 'key ' || conname || ' ' || conrelid::regclass || ' (' || {string.Format(null, Columns, "conkey", "conrelid")} || ')'
            FROM pg_constraint WHERE contype = 'p' AND connamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'foreign key ' || conname || ' ' || conrelid::regclass || ' (' || {string.Format(null, Columns, "conkey", "conrelid")} || ') to '
                || confrelid::regclass || ' (' || {string.Format(null, Columns, "confkey", "confrelid")} || ') '
                || CASE confdeltype WHEN 'r' THEN 'Restrict' WHEN 'c' THEN 'Cascade' WHEN 'n' THEN 'SetNull' WHEN 'd' THEN 'SetDefault' ELSE 'NoAction' END
            FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
            UNION ALL
            SELECT 'index ' || names.relname || ' ' || tables.relname || ' (' || {string.Format(null, Columns, "indkey::smallint[]", "indrelid")} || ')'
                || CASE WHEN indisunique THEN ' unique' ELSE '' END || coalesce(' where ' || trim(both '()' from pg_get_expr(indpred, indrelid)), '')
            FROM pg_index JOIN pg_class AS names ON names.oid = indexrelid JOIN pg_class AS tables ON tables.oid = indrelid
            WHERE NOT indisprimary AND tables.relnamespace = 'public'::regnamespace
            """);
        return [.. lines.Where(line => !line.Contains(HistoryRepository.DefaultTableName, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What no model describes: checks, triggers, functions, and kinds of things that nobody uses.</summary>
    public static async Task<IReadOnlyList<string>> OthersOfAsync(Database database)
    {
        var lines = new List<string>();
        foreach (var sql in Others)
        {
            lines.AddRange(await database.ListAsync(sql));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Lines(ITable table) =>
    [
        $"table {table.Name}",
        .. table.Columns.Select(column => $"column {table.Name}.{column.Name} {column.StoreType}{(column.IsNullable ? " null" : "")}"),
        .. table.UniqueConstraints.Select(key => $"key {key.Name} {table.Name} ({Names(key.Columns)})"),
        .. table.ForeignKeyConstraints.Select(key =>
            $"foreign key {key.Name} {table.Name} ({Names(key.Columns)}) to {key.PrincipalTable.Name} ({Names(key.PrincipalColumns)}) {key.OnDeleteAction}"),
        .. table.Indexes.Select(index =>
            $"index {index.Name} {table.Name} ({Names(index.Columns)}){(index.IsUnique ? " unique" : "")}{(index.Filter is null ? "" : $" where {index.Filter}")}"),
    ];

    private static string Names(IEnumerable<IColumn> columns) => string.Join(", ", columns.Select(column => column.Name));
}
