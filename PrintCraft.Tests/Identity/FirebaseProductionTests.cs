using System.Net;
using System.Net.Http.Headers;

using Microsoft.AspNetCore.Http;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using static PrintCraft.Tests.Identity.FirebaseSigner;

namespace PrintCraft.Tests.Identity;

/// <summary>An API process without emulator: only what Google signed gets in, and not being able to ask Google is 503.</summary>
public sealed class FirebaseProductionTests : IAsyncLifetime
{
    private GoogleServer _google = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _google = await GoogleServer.StartAsync();
        _scenario = await Scenario.StartAsync(new ScenarioPlan
        {
            Workers = 0,
            Settings = new Dictionary<string, string?>
            {
                ["Firebase__ProjectId"] = Project,
                ["Firebase__GoogleAddress"] = _google.Address.ToString(),
                ["Identity__Memory"] = "00:00:00",
            },
        });
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _google.DisposeAsync();
    }

    [Fact]
    public async Task Only_what_Google_signed_gets_in_and_a_Google_that_is_gone_is_503()
    {
        _google.MaxAge = TimeSpan.Zero;
        using (var good = await GetAsync(Genuine.Token()))
        {
            Assert.True(good.StatusCode == HttpStatusCode.OK, _scenario.Story());
        }

        foreach (var forged in new[] { Stranger.Token(), WithoutSignature(With(Genuine.Header, "alg", "none"), Payload()), Genuine.SignWithPublicKey(Payload()), $"{Genuine.Token()}x" })
        {
            using var refused = await GetAsync(forged);
            await refused.ProblemAsync(HttpStatusCode.Unauthorized, "invalid_token");
        }

        _google.Trouble = context => Task.FromResult(context.Response.StatusCode = StatusCodes.Status500InternalServerError);
        using (var unknown = await GetAsync(Genuine.Token()))
        {
            await unknown.ProblemAsync(HttpStatusCode.ServiceUnavailable, "service_unavailable");
            Assert.Equal("5", unknown.Headers.RetryAfter?.ToString());
        }

        _google.Trouble = null;
        using var again = await GetAsync(Genuine.Token());
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.DoesNotContain(Genuine.Token().Split('.')[1][..40], _scenario.Story(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string token)
    {
        using var http = new HttpClient { BaseAddress = _scenario.Api.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.GetAsync("/api/v1/credits");
    }
}
