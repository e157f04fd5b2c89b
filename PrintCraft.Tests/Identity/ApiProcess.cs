using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.ApiKeys;
using PrintCraft.Api.Caching;
using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

/// <summary>What an API process knows of identity, without the rest of it, on a clock that a test moves.</summary>
internal static class ApiProcess
{
    public static ServiceProvider Start(string connectionString, TimeProvider time, Action<IServiceCollection>? change = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Services.AddLogging().AddMetrics();
        builder.Services.AddSingleton(time);
        builder.Services.AddDbContext<PrintCraftDb>(options => options.UseNpgsql(connectionString));
        builder.AddCaching();
        builder.AddApiKeys();
        builder.AddIdentity();
        change?.Invoke(builder.Services);
        return builder.Services.BuildServiceProvider();
    }

    /// <summary>A local account, past the door.</summary>
    public static User NewUser(DateTimeOffset now, string? passwordHash = null)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        return new User
        {
            Id = Guid.CreateVersion7(now),
            Name = "Ana",
            Email = email,
            NormalizedEmail = email.ToUpperInvariant(),
            PasswordHash = passwordHash ?? "none",
            SecurityStamp = "stamp",
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
