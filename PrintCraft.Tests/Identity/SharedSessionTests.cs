using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>A session is with PrintCraft, not with one of its API processes.</summary>
[Collection(nameof(ApiFaults))]
public sealed class SharedSessionTests(TwoApis fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task What_one_API_gave_another_takes_until_the_session_ends_on_either()
    {
        using var here = new Visitor(_scenario.Apis[0].Address);
        using var there = new Visitor(_scenario.Apis[1].Address, here.Email);
        await here.RegisterAsync();
        await there.Api.VerifyEmailAsync(new EmailVerification(here.Email, await here.CodeAsync(_scenario.Sql, "Verify your e-mail address")), CancellationToken.None);
        var tokens = there.Use(await here.LoginAsync());

        Assert.Equal(50, (await there.Api.GetCreditsAsync(CancellationToken.None)).Available);
        there.Use(await there.RefreshAsync(tokens));
        Assert.Equal(50, (await here.Api.GetCreditsAsync(CancellationToken.None)).Available);

        await there.Api.LogoutAsync(null, CancellationToken.None);

        // There at once, here when its memory is over.
        await (await there.Http.GetAsync("/api/v1/credits")).ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        await Eventually.HoldsAsync(
            async () => (await here.Http.GetAsync("/api/v1/credits")).StatusCode == HttpStatusCode.Unauthorized, () => "the other API to refuse the ended session", TimeSpan.FromSeconds(20));
    }
}
