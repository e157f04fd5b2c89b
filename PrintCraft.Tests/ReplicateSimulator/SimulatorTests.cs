using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed partial class SimulatorTests
{
    [Fact]
    public async Task List_pages_newest_first_both_ways()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Bench=true");
        var created = new List<string>();
        for (var i = 0; i < 205; i++)
        {
            created.Add((await simulator.CreateAsync()).Id());
        }

        var first = await PageAsync(simulator, "/v1/predictions");
        var second = await PageAsync(simulator, first.Next!);
        var third = await PageAsync(simulator, second.Next!);

        Assert.Equal([100, 100, 5], [first.Ids.Length, second.Ids.Length, third.Ids.Length]);
        Assert.Equal(created.AsEnumerable().Reverse(), [.. first.Ids, .. second.Ids, .. third.Ids]);
        Assert.Equal((null, null), (first.Previous, third.Next));
        Assert.Equal(first.Ids, (await PageAsync(simulator, second.Previous!)).Ids);
        Assert.Empty((await PageAsync(simulator, "/v1/predictions?source=web")).Ids);
        Assert.Empty((await PageAsync(simulator, "/v1/predictions?created_before=2020-01-01T00:00:00Z")).Ids);
        Assert.Equal(100, (await PageAsync(simulator, "/v1/predictions?created_after=2020-01-01T00:00:00Z")).Ids.Length);
        await RunningSimulator.ProblemAsync(await simulator.Http.GetAsync("/v1/predictions?created_after=yesterday"), 422);
    }

    [Fact]
    public async Task Every_accepted_create_is_spend_and_no_other()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Bench=true");
        await simulator.CreateAsync(webhook: "http://127.0.0.1:9/hook?job=1");
        var second = await simulator.CreateAsync(webhook: "http://127.0.0.1:9/hook?job=2");
        (await simulator.PostAsync("/v1/predictions", new { version = RunningSimulator.Sdxl, input = new { } })).Dispose();

        var all = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend");
        var one = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend?webhook-contains=job=2");
        var since = second.GetProperty("created_at").GetString();
        var late = await simulator.Http.GetFromJsonAsync<JsonElement[]>($"/simulator/spend?since={since}");

        Assert.Equal(2, all!.Length);
        Assert.Equal(second.Id(), one!.Single().Id());
        Assert.Equal(second.Id(), late!.Single().Id());
    }

    [Fact]
    public async Task Control_endpoints_are_not_there_in_production()
    {
        await using var simulator = await RunningSimulator.StartAsync("Production", []);

        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.GetAsync("/simulator/spend")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await simulator.Http.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await simulator.Http.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task Account_model_and_secret_can_be_read()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:WebhookSecret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

        var account = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/account");
        var model = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/models/stability-ai/sdxl");
        var secret = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret");

        Assert.Equal("organization", account.GetProperty("type").GetString());
        Assert.Equal(RunningSimulator.Sdxl, model.GetProperty("latest_version").GetProperty("id").GetString());
        Assert.Equal("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", secret.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("Simulator:WebhookSecret=secret")]
    [InlineData("Simulator:Latency=10:00:00")]
    [InlineData("Simulator:OutputLifetime=00:00:00")]
    public async Task Wrong_settings_stop_the_start(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => RunningSimulator.StartAsync(setting));

    private static async Task<(string[] Ids, string? Previous, string? Next)> PageAsync(RunningSimulator simulator, string address)
    {
        var page = await simulator.Http.GetFromJsonAsync<JsonElement>(address);
        string[] ids = [.. page.GetProperty("results").EnumerateArray().Select(prediction => prediction.Id())];
        return (ids, page.GetProperty("previous").GetString(), page.GetProperty("next").GetString());
    }
}
