using System.Net.Http.Json;
using System.Text.Json;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed class BenchTests
{
    private const string Bench = "Simulator:Bench=true";

    [Fact]
    public async Task A_create_answers_the_result()
    {
        await using var simulator = await RunningSimulator.StartAsync(Bench);

        var created = await simulator.CreateAsync(new { prompt = "a", width = 1024, height = 1024 });

        Assert.Equal("succeeded", created.Status());
        Assert.Equal((await simulator.GetAsync(created)).ToString(), created.ToString());
        var spend = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend");
        Assert.Equal(created.Id(), Assert.Single(spend!).Id());
    }

    [Fact]
    public async Task There_is_one_small_image_of_each_size()
    {
        await using var simulator = await RunningSimulator.StartAsync(Bench);

        var first = await ImageAsync(simulator, "a", 1024, 768);
        var second = await ImageAsync(simulator, "b", 1024, 768);
        var other = await ImageAsync(simulator, "a", 512, 256);

        Assert.Equal(first, second);
        Assert.InRange(first.Length, 25_000, 65_000);
        Assert.Equal((1024, 768), (PngImage.Read(first).Width, PngImage.Read(first).Height));
        Assert.Equal((512, 256), (PngImage.Read(other).Width, PngImage.Read(other).Height));
    }

    [Fact]
    public async Task The_end_is_told()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var simulator = await RunningSimulator.StartAsync(Bench);

        var created = await simulator.CreateAsync(webhook: receiver.Url, filter: ["start", "completed"]);

        Assert.Equal(created.ToString(), (await receiver.NextAsync()).Prediction.ToString());
    }

    [Fact]
    public async Task With_a_latency_it_starts_first()
    {
        await using var simulator = await RunningSimulator.StartAsync(Bench, RunningSimulator.Quick);

        var created = await simulator.CreateAsync();

        Assert.Equal("starting", created.Status());
        Assert.Equal("succeeded", (await simulator.WaitForEndAsync(created)).Status());
    }

    [Fact]
    public async Task Faults_work_as_ever()
    {
        await using var simulator = await RunningSimulator.StartAsync(Bench);

        var failed = await simulator.CreateAsync(new { prompt = "[sim: end=failed]", width = 64, height = 64 });

        Assert.Equal("failed", (await simulator.WaitForEndAsync(failed)).Status());
    }

    [Fact]
    public async Task Memory_is_bounded()
    {
        await using var simulator = await RunningSimulator.StartAsync(Bench, "Simulator:Kept=100");
        var first = await simulator.CreateAsync();
        for (var i = 0; i < 120; i++)
        {
            await simulator.CreateAsync();
        }

        using var forgotten = await simulator.Http.GetAsync(first.GetProperty("urls").GetProperty("get").GetString());
        var spend = await simulator.Http.GetFromJsonAsync<JsonElement[]>("/simulator/spend");

        Assert.Equal(404, (int)forgotten.StatusCode);
        Assert.Equal(100, spend!.Length);
    }

    private static async Task<byte[]> ImageAsync(RunningSimulator simulator, string prompt, int width, int height)
    {
        var created = await simulator.CreateAsync(new { prompt, width, height });
        return await simulator.Http.GetByteArrayAsync(created.GetProperty("output")[0].GetString());
    }
}
