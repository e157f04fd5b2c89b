using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed class DeploymentTests
{
    [Fact]
    public async Task A_deployment_is_created_read_and_listed_newest_first()
    {
        await using var simulator = await RunningSimulator.StartAsync();

        var created = await CreateAsync(simulator, "first");
        await CreateAsync(simulator, "second");
        var page = await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/deployments");

        Assert.Equal(created.ToString(), (await simulator.Http.GetFromJsonAsync<JsonElement>("/v1/deployments/simulator/first")).ToString());
        Assert.Equal(["second", "first"], page.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.Equal("simulator", created.GetProperty("owner").GetString());
        var release = created.GetProperty("current_release");
        Assert.Equal(1, release.GetProperty("number").GetInt32());
        Assert.Equal("stability-ai/sdxl", release.GetProperty("model").GetString());
        Assert.Equal(RunningSimulator.Sdxl, release.GetProperty("version").GetString());
        Assert.Equal("organization", release.GetProperty("created_by").GetProperty("type").GetString());
        Assert.Equal(
            """{"hardware":"gpu-t4","min_instances":0,"max_instances":3}""",
            release.GetProperty("configuration").GetRawText());
    }

    [Fact]
    public async Task A_change_is_the_next_release_and_keeps_the_rest()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await CreateAsync(simulator, "mine");

        using var answer = await simulator.Http.PatchAsJsonAsync("/v1/deployments/simulator/mine", new { min_instances = 3, max_instances = 10 });
        using var wrong = await simulator.Http.PatchAsJsonAsync("/v1/deployments/simulator/mine", new { min_instances = 5, max_instances = 4 });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var release = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("current_release");
        Assert.Equal(2, release.GetProperty("number").GetInt32());
        Assert.Equal(
            """{"hardware":"gpu-t4","min_instances":3,"max_instances":10}""",
            release.GetProperty("configuration").GetRawText());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    [Fact]
    public async Task A_prediction_of_a_deployment_names_it_and_is_spend()
    {
        await using var simulator = await RunningSimulator.StartAsync(RunningSimulator.Quick);
        await CreateAsync(simulator, "mine");

        using var answer = await simulator.PostAsync("/v1/deployments/simulator/mine/predictions",
            new { input = new { prompt = "a lake", width = 64, height = 64 } }, ("Prefer", "wait"));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var prediction = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("succeeded", prediction.Status());
        Assert.Equal("mine", prediction.GetProperty("deployment").GetString());
        Assert.Equal(RunningSimulator.Sdxl, prediction.GetProperty("version").GetString());
        var spend = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend");
        Assert.Equal(prediction.Id(), Assert.Single(spend!).Id());
    }

    [Fact]
    public async Task What_is_deleted_is_gone()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await CreateAsync(simulator, "mine");
        const string Address = "/v1/deployments/simulator/mine";

        using var deleted = await simulator.Http.DeleteAsync(Address);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.DeleteAsync(Address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.GetAsync(Address)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await simulator.Http.PatchAsJsonAsync(Address, new { hardware = "cpu" })).StatusCode);
        using var prediction = await simulator.PostAsync($"{Address}/predictions", new { input = new { prompt = "a" } });
        Assert.Equal(HttpStatusCode.NotFound, prediction.StatusCode);
    }

    [Theory]
    [InlineData("name", "Bad name", "name")]
    [InlineData("model", "stability-ai/other", "Invalid version")]
    [InlineData("version", "black-forest-labs/flux-schnell", "Invalid version")]
    [InlineData("min_instances", 6, "min_instances")]
    [InlineData("max_instances", 21, "max_instances")]
    [InlineData("hardware", null, "hardware is required")]
    [InlineData("extra", 1, "extra")]
    public async Task Wrong_deployments_are_refused(string member, object? value, string named)
    {
        await using var simulator = await RunningSimulator.StartAsync();
        var body = Body("mine");
        body[member] = value;

        using var answer = await simulator.PostAsync("/v1/deployments", body.Where(pair => pair.Value is not null).ToDictionary());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await using var simulator = await RunningSimulator.StartAsync();
        await CreateAsync(simulator, "mine");

        using var answer = await simulator.PostAsync("/v1/deployments", Body("mine"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    private static async Task<JsonElement> CreateAsync(RunningSimulator simulator, string name)
    {
        using var answer = await simulator.PostAsync("/v1/deployments", Body(name));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static Dictionary<string, object?> Body(string name) => new()
    {
        ["name"] = name,
        ["model"] = "stability-ai/sdxl",
        ["version"] = RunningSimulator.Sdxl,
        ["hardware"] = "gpu-t4",
        ["min_instances"] = 0,
        ["max_instances"] = 3,
    };
}
