using System.Data;

using Microsoft.EntityFrameworkCore;

using Npgsql;

using NpgsqlTypes;

namespace PrintCraft.Core.Data;

/// <summary>
/// Statements written by hand, for the measured hot paths (docs/performance.md): parameters are <c>$1</c>, <c>$2</c>, …, so that Npgsql need not
/// parse the text, and a statement that comes again is prepared by itself (<c>Max Auto Prepare</c>).
/// </summary>
public static class Sql
{
    /// <summary>The context's connection, open until the context goes back to its pool.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(this PrintCraftDb db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return (NpgsqlConnection)db.Database.GetDbConnection();
    }

    /// <summary>Gives the connection back to its pool before the context is.</summary>
    public static async Task CloseAsync(this PrintCraftDb db)
    {
        // As often as it was opened.
        while (db.Database.GetDbConnection().State == ConnectionState.Open)
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>One statement: its own transaction, unless the connection has one open.</summary>
    public static NpgsqlCommand Statement(this NpgsqlConnection connection, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(text, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Adds a statement. A batch is one round trip and one transaction; each statement sees what committed before it began.</summary>
    public static NpgsqlBatch Then(this NpgsqlBatch batch, string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
        return batch;
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    /// <summary>One value of each row, for <c>unnest</c>.</summary>
    public static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> valueOf) => Value(rows.Select(valueOf).ToArray());

    public static NpgsqlParameter JsonColumn<TRow>(IReadOnlyList<TRow> rows, Func<TRow, string> valueOf) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb, Value = rows.Select(valueOf).ToArray() };

    public static NpgsqlParameter Json(string value) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = value };
}
