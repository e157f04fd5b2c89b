using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>The control endpoint. Every rule here names a word of its own test's prompts.</summary>
public sealed class FaultRuleTests(FaultySimulator faulty) : IClassFixture<FaultySimulator>
{
    [Fact]
    public async Task Every_third_create_that_matches_is_hit()
    {
        var rule = await AddAsync(new { script = "status=500", prompt = "thirds", every = 3 });

        await AssertStatusesAsync("of THIRDS", 201, 201, 500, 201, 201, 500);
        await AssertStatusesAsync("of halves", 201);
        var now = (await faulty.ListAsync("/simulator/faults")).Single(other => other.GetProperty("id").GetInt64() == Id(rule));
        Assert.Equal((6, 2), (now.GetProperty("matched").GetInt32(), now.GetProperty("hits").GetInt32()));
    }

    [Fact]
    public async Task Chance_has_a_seed_that_repeats_it()
    {
        var first = await AddAsync(new { script = "status=503", prompt = "dice-a", chance = 0.5 });
        var second = await AddAsync(new { script = "status=503", prompt = "dice-b", chance = 0.5, seed = first.GetProperty("seed").GetInt32() });

        var statuses = await StatusesAsync("dice-a", 30);

        Assert.Equal(statuses, await StatusesAsync("dice-b", 30));
        Assert.Equal([201, 503], statuses.Distinct().Order());
        Assert.NotEqual(Id(first), Id(second));
    }

    [Fact]
    public async Task A_tag_comes_before_rules_and_the_oldest_rule_first()
    {
        await AddAsync(new { script = "status=402 times=1", prompt = "order" });
        await AddAsync(new { script = "status=429", prompt = "order" });

        await AssertStatusesAsync("order [sim: status=500]", 500);
        await AssertStatusesAsync("order", 402, 429, 429);
    }

    [Fact]
    public async Task A_rule_ends_when_it_is_removed_or_its_time_is_over()
    {
        var kept = await AddAsync(new { script = "status=429", prompt = "removed" });
        await AddAsync(new { script = "status=429", prompt = "timed", seconds = 0.001 });
        await AssertStatusesAsync("removed", 429);

        using var gone = await faulty.Simulator.Http.DeleteAsync($"/simulator/faults/{Id(kept)}");
        using var again = await faulty.Simulator.Http.DeleteAsync($"/simulator/faults/{Id(kept)}");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone.StatusCode, again.StatusCode));
        await AssertStatusesAsync("removed", 201);
        await AssertStatusesAsync("timed", 201);
    }

    [Fact]
    public async Task All_rules_go_at_once()
    {
        await using var simulator = await RunningSimulator.StartAsync("Simulator:Latency=00:00:00");
        using var answer = await simulator.PostAsync("/simulator/faults", new { script = "status=401" });
        using var refused = await simulator.PostAsync("/v1/predictions", new { version = RunningSimulator.Sdxl, input = new { prompt = "a" } });

        using var removed = await simulator.Http.DeleteAsync("/simulator/faults");

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("""{"removed":1}""", await removed.Content.ReadAsStringAsync());
        Assert.Equal("starting", (await simulator.CreateAsync()).Status());
    }

    [Theory]
    [InlineData("""{"script":"status=999"}""", "status=999")]
    [InlineData("""{"script":"status=429","chance":2}""", "chance")]
    [InlineData("""{"script":"status=429","times":2}""", "times")]
    [InlineData("""{}""", "script is required")]
    public async Task A_wrong_rule_is_refused(string rule, string text)
    {
        using var answer = await faulty.Simulator.PostAsync("/simulator/faults", JsonElement.Parse(rule));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> AddAsync(object rule)
    {
        using var answer = await faulty.Simulator.PostAsync("/simulator/faults", rule);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task AssertStatusesAsync(string prompt, params int[] expected) =>
        Assert.Equal(expected, await StatusesAsync(prompt, expected.Length));

    private async Task<int[]> StatusesAsync(string prompt, int count)
    {
        var statuses = new int[count];
        for (var i = 0; i < count; i++)
        {
            using var answer = await faulty.PostAsync(prompt);
            statuses[i] = (int)answer.StatusCode;
        }

        return statuses;
    }

    private static long Id(JsonElement rule) => rule.GetProperty("id").GetInt64();
}
