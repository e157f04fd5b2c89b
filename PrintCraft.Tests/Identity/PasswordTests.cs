using System.Collections.Concurrent;

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>How often and with how much work a password is checked.</summary>
public sealed class PasswordTests : IAsyncLifetime
{
    private const string Right = "correct horse battery";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private ScratchDatabase _scratch = null!;
    private ServiceProvider _process = null!;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _process = ApiProcess.Start(
            _scratch.ConnectionString, _time, services => services.AddSingleton<IPasswordHasher<User>, CountingHasher>(), ("Accounts:PasswordIterations", "2000"));
    }

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await _scratch.DisposeAsync();
    }

    [Fact]
    public async Task Every_refusal_takes_the_same_work()
    {
        var (known, locked, disabled) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        await _scratch.Sql.ExecuteAsync("UPDATE users SET lockout_end = $2 WHERE id = $1", locked.Id, _time.GetUtcNow().AddMinutes(1));
        await _scratch.Sql.ExecuteAsync("UPDATE users SET disabled_at = $2 WHERE id = $1", disabled.Id, _time.GetUtcNow());
        await TryAsync(known, Right);
        Hasher.Verified.Clear();

        Assert.Null(await CheckAsync("nobody@example.com", Right));
        Assert.False(await TryAsync(known, "wrong wrong"));
        Assert.False(await TryAsync(locked, Right));
        Assert.False(await TryAsync(disabled, Right));

        Assert.Equal(4, Hasher.Verified.Count);
        Assert.Single(Hasher.Verified.Select(hash => (hash.Length, Rounds(hash))).Distinct());
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour()
    {
        var user = await NewUserAsync();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.False(await TryAsync(user, "wrong wrong"));
        }

        Assert.False(await TryAsync(user, Right));
        Assert.Equal(["user.locked_out"], await _scratch.Sql.ListAsync("SELECT action FROM user_audit_log WHERE user_id = $1", user.Id));
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.False(await TryAsync(user, Right));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await TryAsync(user, Right));
    }

    [Fact]
    public async Task A_right_password_takes_the_count_back_even_at_the_last_attempt()
    {
        var user = await NewUserAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var attempt = 0; attempt < 4; attempt++)
            {
                Assert.False(await TryAsync(user, "wrong wrong"));
            }

            Assert.True(await TryAsync(user, Right));
        }

        Assert.Equal(["0|"], await _scratch.Sql.ListAsync("SELECT access_failed_count, lockout_end FROM users WHERE id = $1", user.Id));
        Assert.Empty(await _scratch.Sql.ListAsync("SELECT 1 FROM user_audit_log WHERE user_id = $1", user.Id));
    }

    [Fact]
    public async Task Guesses_at_the_same_time_are_counted_too()
    {
        var user = await NewUserAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(guess => TryAsync(user, $"a guess {guess}")));

        Assert.Equal(5, Hasher.Verified.Count(hash => hash == user.PasswordHash));
        Assert.Equal(20, Hasher.Verified.Count);
        Assert.False(await TryAsync(user, Right));
    }

    [Fact]
    public async Task A_weaker_hash_is_renewed_at_sign_in()
    {
        var weak = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1000 }));
        var user = await NewUserAsync(weak.HashPassword(null!, Right));

        Assert.True(await TryAsync(user, Right));
        var renewed = await _scratch.Sql.ScalarAsync<string>("SELECT password_hash FROM users WHERE id = $1", user.Id);
        Assert.True(await TryAsync(user, Right));

        Assert.Equal(2000u, Rounds(renewed));
        Assert.Equal(renewed, await _scratch.Sql.ScalarAsync<string>("SELECT password_hash FROM users WHERE id = $1", user.Id));
    }

    [Fact]
    public async Task A_password_that_was_changed_meanwhile_opens_nothing()
    {
        var user = await NewUserAsync();
        await using var scope = _process.CreateAsyncScope();
        var passwords = scope.ServiceProvider.GetRequiredService<Passwords>();
        var right = await passwords.CheckAsync(user.Email!, Right, None);
        await _scratch.Sql.ExecuteAsync("UPDATE users SET password_hash = 'another' WHERE id = $1", user.Id);

        Assert.False(await passwords.AcceptAsync(right!, None));
    }

    private CountingHasher Hasher => (CountingHasher)_process.GetRequiredService<IPasswordHasher<User>>();

    private async Task<User> NewUserAsync(string? hash = null)
    {
        var user = ApiProcess.NewUser(_time.GetUtcNow(), hash ?? Hasher.HashPassword(null!, Right));
        _scratch.Db.Users.Add(user);
        await _scratch.Db.SaveChangesAsync();
        return user;
    }

    private async Task<bool> TryAsync(User user, string password) => await CheckAsync(user.Email!, password) is not null;

    /// <summary>As a sign-in does it; null when it was refused.</summary>
    private async Task<CheckedPassword?> CheckAsync(string email, string password)
    {
        await using var scope = _process.CreateAsyncScope();
        var passwords = scope.ServiceProvider.GetRequiredService<Passwords>();
        var right = await passwords.CheckAsync(email, password, None);
        return right is not null && await passwords.AcceptAsync(right, None) ? right : null;
    }

    /// <summary>PasswordHasher, version 3: a byte, the function's number, then the rounds, big endian.</summary>
    private static uint Rounds(string hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));

    /// <summary>The real one, which remembers what was verified.</summary>
    private sealed class CountingHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
    {
        public ConcurrentBag<string> Verified { get; } = [];

        public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Verified.Add(hashedPassword);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
