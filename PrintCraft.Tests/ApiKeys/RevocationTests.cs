using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Events;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using Refit;

namespace PrintCraft.Tests.ApiKeys;

/// <summary>What one API process takes back, another takes no longer than it remembers.</summary>
public sealed class RevocationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task What_one_process_revoked_another_refuses_soon()
    {
        await using var scenario = await Scenario.StartAsync(new() { Apis = 2, Workers = 0, Settings = new Dictionary<string, string?> { ["Identity__Memory"] = "00:00:02" } });
        var (admin, user) = (scenario.User("admin"), scenario.NewUser());
        var there = scenario.User($"other-{Guid.NewGuid():n}", api: 1);
        await there.Api.GetMeAsync(None);
        var (rotated, revoked, disabled) = (await NewKeyAsync(user), await NewKeyAsync(user), await NewKeyAsync(scenario.User("third")));
        var keys = new[] { rotated, revoked, disabled }.Select(key => ApiKeyTests.Client(scenario.Apis[1].Address, key.Key!)).ToList();
        await Task.WhenAll(keys.Select(key => key.GetMeAsync(None)));

        var next = await user.Api.RotateApiKeyAsync(rotated.Id, None);
        await user.Api.RevokeApiKeyAsync(revoked.Id, None);
        await admin.Api.DisableUserAsync((await keys[2].GetMeAsync(None)).Id, None);
        await admin.Api.DisableUserAsync(there.Id, None);

        foreach (var refused in keys.Append(there.Api))
        {
            await Eventually.HoldsAsync(async () => await StatusAsync(refused) == HttpStatusCode.Unauthorized, () => $"the credential to be refused. {scenario.Story()}", TimeSpan.FromSeconds(20));
        }

        Assert.Equal(user.Id, (await ApiKeyTests.Client(scenario.Apis[1].Address, next.Key!).GetMeAsync(None)).Id);
        await admin.Api.EnableUserAsync(there.Id, None);
        await Eventually.HoldsAsync(async () => await StatusAsync(there.Api) == HttpStatusCode.OK, () => "the user to be let in again", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stream_and_a_connection_end_with_the_credential_that_opened_them()
    {
        await using var scenario = await Scenario.StartAsync(new() { Workers = 0, Settings = new Dictionary<string, string?> { ["Identity__Memory"] = "00:00:00.500", ["Events__Poll"] = "00:00:00.200" } });
        var user = scenario.NewUser();
        var key = await NewKeyAsync(user);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var hub = await HubClient.ConnectByQueryAsync(scenario.Api.Address, key.Key!);
        using var open = await ApiKeyTests.Client(scenario.Apis[0].Address, key.Key!).OpenEventsAsync(null, limit.Token);
        await using var stream = await open.Content.ReadAsStreamAsync(limit.Token);

        await user.Api.RevokeApiKeyAsync(key.Id, None);

        // To its end, or this is cancelled.
        await stream.CopyToAsync(Stream.Null, limit.Token);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        // A connection that follows nothing ends too, and not to come back with the same credential.
        Assert.Equal(new HubClosed(null, AllowReconnect: false), await hub.Closed);
    }

    private static Task<ApiKey> NewKeyAsync(TestUser user) => user.Api.CreateApiKeyAsync(new NewApiKey("test"), None);

    private static async Task<HttpStatusCode> StatusAsync(IPrintCraftApi api)
    {
        try
        {
            await api.GetMeAsync(None);
            return HttpStatusCode.OK;
        }
        catch (ApiException exception)
        {
            return exception.StatusCode;
        }
    }
}
