using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Data;

/// <summary>An empty database of the shared graph's server, which goes with the test.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly Database _server;
    private readonly string _name;

    private ScratchDatabase(Database server, string name, string connectionString)
    {
        (_server, _name, ConnectionString) = (server, name, connectionString);
        Db = Context(connectionString);
        Sql = new Database(connectionString);
    }

    public string ConnectionString { get; }

    public PrintCraftDb Db { get; }

    public Database Sql { get; }

    public static PrintCraftDb Context(string connectionString) => new(new DbContextOptionsBuilder<PrintCraftDb>().UseNpgsql(connectionString).Options);

    public static async Task<ScratchDatabase> CreateAsync()
    {
        var server = await (await PrintCraftApp.GetAsync()).DatabaseAsync();
        var name = $"scratch_{Guid.NewGuid():n}";
        await server.ListAsync($"CREATE DATABASE {name}");
        return new ScratchDatabase(server, name, new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, Pooling = false }.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        await _server.ListAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }
}
