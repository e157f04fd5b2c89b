using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

using PrintCraft.Worker.Migrations;

namespace PrintCraft.Tests.Data;

/// <summary>Migrations go up, down and up again, and `migrate` may run as often as somebody likes.</summary>
public sealed class MigrationTests
{
    [Fact]
    public async Task Down_leaves_nothing_and_up_works_again()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        var (schema, others) = (await Schema.OfAsync(scratch.Sql), await Schema.OthersOfAsync(scratch.Sql));

        await scratch.Db.GetService<IMigrator>().MigrateAsync(Migration.InitialDatabase);
        var left = (await Schema.OfAsync(scratch.Sql)).Concat(await Schema.OthersOfAsync(scratch.Sql)).ToList();
        await scratch.Db.Database.MigrateAsync();

        Assert.NotEmpty(schema);
        Assert.Equal([], left);
        Assert.Equal(schema, await Schema.OfAsync(scratch.Sql));
        Assert.Equal(others, await Schema.OthersOfAsync(scratch.Sql));
    }

    [Fact]
    public async Task Migrate_a_second_time_changes_nothing()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        string[] arguments = [$"--ConnectionStrings:printcraftdb={scratch.ConnectionString}", "--Logging:LogLevel:Default=None"];

        var first = await Migrate.RunAsync(arguments);
        await scratch.Sql.ListAsync("INSERT INTO users (id, name, email_verified, role, access_failed_count, created_at, updated_at) VALUES (gen_random_uuid(), 'kept', false, 'user', 0, now(), now())");
        var (schema, history) = (await Schema.OfAsync(scratch.Sql), await HistoryAsync());
        var second = await Migrate.RunAsync(arguments);

        Assert.Equal((0, 0), (first, second));
        Assert.Equal(scratch.Db.Database.GetMigrations(), history);
        Assert.Equal(history, await HistoryAsync());
        Assert.Equal(schema, await Schema.OfAsync(scratch.Sql));
        Assert.Equal(["kept"], await scratch.Sql.ListAsync("SELECT name FROM users"));

        Task<IReadOnlyList<string>> HistoryAsync() => scratch.Sql.ListAsync("""SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""");
    }

    [Fact]
    public async Task Two_balances_become_one_row_and_two_again()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        var migrator = scratch.Db.GetService<IMigrator>();
        await migrator.MigrateAsync("20261121120000_Lifecycle");
        var user = Guid.NewGuid();
        await scratch.Sql.ExecuteAsync("INSERT INTO users (id, name, created_at, last_event) VALUES ($1, 'somebody', now(), 5)", user);
        await scratch.Sql.ExecuteAsync("INSERT INTO accounts (user_id, kind, balance, expiring) VALUES ($1, 'available', 7, 2), ($1, 'held', 3, 0)", user);

        await migrator.MigrateAsync();
        Assert.Equal([$"{user}|7|3|2|5"], await scratch.Sql.ListAsync("SELECT user_id, available, held, expiring, last_event FROM accounts"));

        await migrator.MigrateAsync("20261121120000_Lifecycle");
        Assert.Equal(["available|7|2|5", "held|3|0|5"], await scratch.Sql.ListAsync("SELECT kind, balance, expiring, last_event FROM accounts JOIN users ON id = user_id ORDER BY kind"));
    }

    [Fact]
    public async Task Two_that_migrate_at_once_both_succeed()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        string[] arguments = [$"--ConnectionStrings:printcraftdb={scratch.ConnectionString}", "--Logging:LogLevel:Default=None"];

        var codes = await Task.WhenAll(Migrate.RunAsync(arguments), Migrate.RunAsync(arguments));

        Assert.Equal([0, 0], codes);
        Assert.Equal(scratch.Db.Database.GetMigrations().Count(), await scratch.Sql.ScalarAsync<long>("""SELECT count(*) FROM "__EFMigrationsHistory" """));
    }
}
