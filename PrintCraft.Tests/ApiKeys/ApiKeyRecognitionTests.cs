using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using PrintCraft.Api.ApiKeys;
using PrintCraft.Api.Identity;
using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.ApiKeys;

/// <summary>What a key is taken for, at which time.</summary>
public sealed class ApiKeyRecognitionTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_text_that_cannot_be_a_key_is_refused_without_the_database()
    {
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        var keys = new Api.ApiKeys.ApiKeys(nothing.GetRequiredService<IServiceScopeFactory>(), Options.Create(new ApiKeyOptions()), new FixedTime(Start));

        Assert.Equal(Recognition.Refused, await keys.RecogniseAsync("pck_abcd1234_", CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(() => keys.RecogniseAsync(ApiKeySecret.Mint(), CancellationToken.None));
    }

    [Fact]
    public async Task A_key_ends_at_its_time_and_its_last_use_is_known_to_the_minute()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        var secret = ApiKeySecret.Mint();
        var user = new User { Id = Guid.NewGuid(), Name = "somebody", Role = Roles.Creator, CreatedAt = Start, UpdatedAt = Start };
        scratch.Db.Add(user);
        scratch.Db.Add(new ApiKey
        {
            Id = Guid.NewGuid(),
            UserId = user.Id,
            Name = "test",
            Prefix = ApiKeySecret.PrefixOf(secret),
            Hash = ApiKeySecret.HashOf(secret),
            Scopes = [Scopes.Read, Scopes.Admin],
            CreatedAt = Start,
            ExpiresAt = Start.AddHours(1),
        });
        await scratch.Db.SaveChangesAsync();
        var time = new FixedTime(Start);
        await using var services = new ServiceCollection().AddDbContext<PrintCraftDb>(options => options.UseNpgsql(scratch.ConnectionString)).BuildServiceProvider();
        var keys = new Api.ApiKeys.ApiKeys(services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new ApiKeyOptions()), time);

        var found = await keys.RecogniseAsync(secret, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(59));
        await keys.RecogniseAsync(secret, CancellationToken.None);
        var early = await LastUsedAsync();
        time.Advance(TimeSpan.FromSeconds(1));
        await keys.RecogniseAsync(secret, CancellationToken.None);
        var late = await LastUsedAsync();
        time.Advance(TimeSpan.FromHours(1));
        var ended = await keys.RecogniseAsync(secret, CancellationToken.None);

        Assert.Equal((user.Id, CredentialKind.ApiKey, Roles.Creator, Start.AddHours(1)), (found.Caller!.UserId, found.Caller.Kind, found.Caller.Role, found.Until));
        Assert.Equal([Scopes.Read], found.Caller.Scopes);
        Assert.Equal((Start, Start.AddMinutes(1)), (early, late));
        Assert.Equal(Recognition.Refused, ended);

        async Task<DateTimeOffset> LastUsedAsync() => await scratch.Sql.ScalarAsync<DateTime>("SELECT last_used_at FROM api_keys");
    }
}
