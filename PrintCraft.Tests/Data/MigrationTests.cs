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
        await scratch.Sql.ListAsync("INSERT INTO users (id, name, created_at) VALUES (gen_random_uuid(), 'kept', now())");
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
    public async Task Two_that_migrate_at_once_both_succeed()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        string[] arguments = [$"--ConnectionStrings:printcraftdb={scratch.ConnectionString}", "--Logging:LogLevel:Default=None"];

        var codes = await Task.WhenAll(Migrate.RunAsync(arguments), Migrate.RunAsync(arguments));

        Assert.Equal([0, 0], codes);
        Assert.Equal(scratch.Db.Database.GetMigrations().Count(), await scratch.Sql.ScalarAsync<long>("""SELECT count(*) FROM "__EFMigrationsHistory" """));
    }
}
