using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Caching;
using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;

namespace PrintCraft.Tests.Identity;

/// <summary>What another authority says of a user holds here as well, also for what goes by the row.</summary>
public sealed class KnownUsersTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_role_that_was_taken_in_Firebase_is_taken_here_and_told_once()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var services = Services(scratch.ConnectionString);
        var known = services.GetRequiredService<KnownUsers>();
        var id = Guid.NewGuid();

        Assert.True(await known.EnsureAsync(Said(id, Roles.Admin, "old@example.com"), null, None));
        Assert.True(await known.EnsureAsync(Said(id, Roles.User, "new@example.com"), null, None));
        Assert.True(await known.EnsureAsync(Said(id, Roles.User, "new@example.com"), null, None));

        Assert.Equal(["user|new@example.com"], await scratch.Sql.ListAsync("SELECT role, email FROM users"));
        Assert.Equal(["user.vouched_for|admin|user"], await scratch.Sql.ListAsync("SELECT action, changes->'role'->>'from', changes->'role'->>'to' FROM user_audit_log"));
    }

    [Fact]
    public async Task A_disabled_user_is_refused()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var services = Services(scratch.ConnectionString);
        var known = services.GetRequiredService<KnownUsers>();
        var user = Said(Guid.NewGuid(), Roles.User, "somebody@example.com");
        Assert.True(await known.EnsureAsync(user, null, None));

        await scratch.Sql.ExecuteAsync("UPDATE users SET disabled_at = now() WHERE id = $1", user.Id);

        Assert.False(await known.EnsureAsync(user, null, None));
    }

    private static User Said(Guid id, string role, string email) => new()
    {
        Id = id,
        Name = "somebody",
        Role = role,
        Email = email,
        EmailConfirmed = true,
        FirebaseUid = "uid",
        CreatedAt = TimeProvider.System.GetUtcNow(),
        UpdatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static ServiceProvider Services(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Services.AddSingleton(TimeProvider.System).AddMetrics().AddLogging();
        builder.Services.AddDbContext<PrintCraftDb>(options => options.UseNpgsql(connectionString));
        builder.AddCaching();
        builder.AddIdentity();
        return builder.Services.BuildServiceProvider();
    }
}
