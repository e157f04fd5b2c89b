using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Tests.Data;

namespace PrintCraft.Tests.Identity;

/// <summary>What one API process protected, another can read, and itself after a restart.</summary>
public sealed class DataProtectionTests
{
    [Fact]
    public async Task Keys_survive_a_restart_and_are_shared()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var first = Process(scratch.ConnectionString);
        await using var second = Process(scratch.ConnectionString);

        var text = first.GetDataProtector("test").Protect("a secret");

        Assert.Equal("a secret", second.GetDataProtector("test").Unprotect(text));
        Assert.Single(await scratch.Sql.ListAsync("SELECT name FROM data_protection_keys"));
    }

    private static ServiceProvider Process(string connectionString)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDbContext<PrintCraftDb>(options => options.UseNpgsql(connectionString));
        builder.AddIdentity();
        return builder.Services.BuildServiceProvider();
    }
}
