using System.Buffers.Text;

using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>An access token is sealed: nobody makes one, changes one or stretches its life, and every API process can read it.</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FixedTime _time = new(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private readonly User _user = ApiProcess.NewUser(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
    private ScratchDatabase _scratch = null!;
    private ServiceProvider _process = null!;
    private Guid _session;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _process = ApiProcess.Start(_scratch.ConnectionString, _time);
        _session = Guid.CreateVersion7();
        _scratch.Db.Users.Add(_user);
        _scratch.Db.Sessions.Add(new Session
        {
            Id = _session,
            UserId = _user.Id,
            RefreshHash = new byte[32],
            Device = "a device",
            CreatedAt = _time.GetUtcNow(),
            UsedAt = _time.GetUtcNow(),
            ExpiresAt = _time.GetUtcNow().AddDays(7),
        });
        await _scratch.Db.SaveChangesAsync();
    }

    public async Task DisposeAsync()
    {
        await _process.DisposeAsync();
        await _scratch.DisposeAsync();
    }

    [Fact]
    public async Task It_names_the_user_and_the_session_for_a_quarter_of_an_hour()
    {
        var token = Tokens(_process).Issue(_user.Id, _session);

        var recognised = await Tokens(_process).RecogniseAsync(token, None);
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        var late = await Tokens(_process).RecogniseAsync(token, None);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var over = await Tokens(_process).RecogniseAsync(token, None);

        Assert.Equal((_user.Id, CredentialKind.Session, "user", _session), (recognised.Caller!.UserId, recognised.Caller.Kind, recognised.Caller.Role, recognised.Caller.CredentialId!.Value));
        Assert.Equal(["read", "write"], recognised.Caller.Scopes);
        Assert.Equal(_time.GetUtcNow(), recognised.Until);
        Assert.NotNull(late.Caller);
        Assert.Null(over.Caller);
    }

    [Fact]
    public async Task It_is_not_remembered_past_its_end()
    {
        var callers = _process.GetRequiredService<Callers>();
        var token = Tokens(_process).Issue(_user.Id, _session);
        _time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));

        Assert.NotNull(await callers.RecogniseAsync(token, None));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await callers.RecogniseAsync(token, None));
    }

    [Fact]
    public async Task Another_process_takes_it_too()
    {
        await using var other = ApiProcess.Start(_scratch.ConnectionString, _time);

        Assert.Equal(_user.Id, (await Tokens(other).RecogniseAsync(Tokens(_process).Issue(_user.Id, _session), None)).Caller?.UserId);
        Assert.Equal(_user.Id, (await Tokens(_process).RecogniseAsync(Tokens(other).Issue(_user.Id, _session), None)).Caller?.UserId);
    }

    [Theory]
    [InlineData("UPDATE sessions SET revoked_at = now(), revoked_because = 'logout' WHERE user_id = $1")]
    [InlineData("UPDATE users SET disabled_at = now() WHERE id = $1")]
    [InlineData("DELETE FROM sessions WHERE user_id = $1")]
    public async Task It_ends_with_its_session_and_with_its_user(string what)
    {
        var token = Tokens(_process).Issue(_user.Id, _session);
        await _scratch.Sql.ExecuteAsync(what, _user.Id);

        Assert.Null((await Tokens(_process).RecogniseAsync(token, None)).Caller);
    }

    [Fact]
    public async Task The_role_is_the_one_of_today()
    {
        var token = Tokens(_process).Issue(_user.Id, _session);
        await _scratch.Sql.ExecuteAsync("UPDATE users SET role = 'admin' WHERE id = $1", _user.Id);

        var caller = (await Tokens(_process).RecogniseAsync(token, None)).Caller!;

        Assert.Equal(("admin", true), (caller.Role, caller.Scopes.Contains("admin")));
    }

    [Fact]
    public async Task A_session_serves_its_own_user_only()
    {
        var stranger = ApiProcess.NewUser(_time.GetUtcNow());
        _scratch.Db.Users.Add(stranger);
        await _scratch.Db.SaveChangesAsync();

        Assert.Null((await Tokens(_process).RecogniseAsync(Tokens(_process).Issue(stranger.Id, _session), None)).Caller);
    }

    [Fact]
    public async Task One_changed_bit_spoils_it()
    {
        var sealedBytes = Base64Url.DecodeFromChars(Tokens(_process).Issue(_user.Id, _session).AsSpan(4));
        for (var bit = 0; bit < sealedBytes.Length * 8; bit++)
        {
            var forged = sealedBytes.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.Null((await Tokens(_process).RecogniseAsync("pca_" + Base64Url.EncodeToString(forged), None)).Caller);
        }
    }

    [Fact]
    public async Task What_only_looks_like_one_is_refused()
    {
        var token = Tokens(_process).Issue(_user.Id, _session);
        var protection = _process.GetRequiredService<IDataProtectionProvider>();
        var content = protection.CreateProtector("access token").Unprotect(Base64Url.DecodeFromChars(token.AsSpan(4)));

        Assert.NotNull((await Tokens(_process).RecogniseAsync(token, None)).Caller);
        await Assert.AllAsync(
            [
                "pca_", "pca_.", "pca_AAAA", token[..^4], token + "AAAA", "pca_" + token, token.Replace("pca_", "pca_!", StringComparison.Ordinal), "pca_" + new string('é', 200),
                Sealed("another purpose", content), Sealed("access token", [2, .. content[1..]]), Sealed("access token", content[..^1]), Sealed("access token", [.. content, 0]), Sealed("access token", []),
            ],
            async wrong => Assert.Null((await Tokens(_process).RecogniseAsync(wrong, None)).Caller));

        string Sealed(string purpose, byte[] bytes) => "pca_" + Base64Url.EncodeToString(protection.CreateProtector(purpose).Protect(bytes));
    }

    private static AccessTokens Tokens(ServiceProvider process) => process.GetRequiredService<AccessTokens>();
}
