using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Api.Identity;
using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class StandingCredentialTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_was_let_in_stays_while_nobody_can_say_whether_it_may()
    {
        // Nobody listens there.
        await using var process = ApiProcess.Start("Host=127.0.0.1;Port=1;Username=nobody;Database=none", TimeProvider.System, null, ("Identity:Memory", "00:00:00"));
        await using var scope = process.CreateAsyncScope();

        Assert.True(await scope.ServiceProvider.GetRequiredService<StandingCredential>().StandsAsync(Request(ApiKeySecret.Mint()), None));
    }

    [Fact]
    public async Task What_nobody_knows_any_more_does_not_stand()
    {
        await using var process = ApiProcess.Start("Host=127.0.0.1;Port=1;Username=nobody;Database=none", TimeProvider.System, null, ("Identity:Memory", "00:00:00"));
        await using var scope = process.CreateAsyncScope();

        // Its shape alone says so.
        Assert.False(await scope.ServiceProvider.GetRequiredService<StandingCredential>().StandsAsync(Request("pck_no-key"), None));
    }

    private static DefaultHttpContext Request(string credential) => new() { Request = { Headers = { Authorization = $"Bearer {credential}" } } };
}
