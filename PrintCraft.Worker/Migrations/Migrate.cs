using System.Diagnostics;

using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.ServiceDefaults;

namespace PrintCraft.Worker.Migrations;

/// <summary>Applies the migrations and ends: 0 when the database is up to date, 1 with one line when it cannot be reached. Safe to repeat and to race.</summary>
internal static partial class Migrate
{
    private static readonly ActivitySource Source = new("PrintCraft.Migrations");

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            // The web hosts' variable counts here too: one name for all processes.
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"),
        });
        builder.AddServiceDefaults();
        // Who starts it waits for the database, and may start it again.
        builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings => settings.DisableRetry = true);
        // EF Core finds out whether its history table exists by a query that fails, and logs a failed connection; what really fails is thrown and told below.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.Critical);
        using var host = builder.Build();
        await host.StartAsync();

        var logger = host.Services.GetRequiredService<ILogger<PrintCraftDb>>();
        using var activity = Source.StartActivity("migrate");
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
            // EF Core locks for one migration at a time: of two that race, one would apply what the other just did.
            await db.Database.OpenConnectionAsync();
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtext('printcraft migrations'))");
            var pending = await db.Database.GetPendingMigrationsAsync();
            await db.Database.MigrateAsync();
            Migrated(logger, pending.Count());
            return 0;
        }
        catch (Exception exception) when (exception.GetBaseException() is NpgsqlException or System.Net.Sockets.SocketException)
        {
            activity?.SetStatus(ActivityStatusCode.Error);
            Unreachable(logger, exception.GetBaseException().Message);
            return 1;
        }
        finally
        {
            activity?.Stop();
            await host.StopAsync();
        }
    }

    [LoggerMessage(LogLevel.Information, "The database is up to date; {Count} migrations were applied.")]
    private static partial void Migrated(ILogger logger, int count);

    [LoggerMessage(LogLevel.Error, "The database cannot be migrated: {Reason}. Check ConnectionStrings:printcraftdb and that Postgres runs.")]
    private static partial void Unreachable(ILogger logger, string reason);
}
