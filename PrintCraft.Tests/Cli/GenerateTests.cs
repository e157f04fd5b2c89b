using System.Security.Cryptography;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Operations;

namespace PrintCraft.Tests.Cli;

/// <summary>`printcraft generate`, as a shell runs it.</summary>
public sealed class GenerateTests : CliFolder
{
    [Fact]
    public async Task A_prompt_becomes_a_file_and_nothing_else_is_written()
    {
        var run = (await RunAsync("generate", "a fox", "--quality", "draft", "--width", "512", "--height", "512", "--wait", "--out", "fox.png")).Is(0);

        Assert.Equal(["fox.png"], run.Output);
        Assert.Equal(["fox.png"], Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName));
        var job = Assert.Single((await User.Api.ListGenerationsAsync(null, null, None)).Data);
        Assert.Equal(Assert.Single(job.Images).Sha256, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(PathOf("fox.png")))));
        Assert.Contains(run.Errors, line => line.Contains("Ordered", StringComparison.Ordinal) && line.Contains("1 credits held", StringComparison.Ordinal));
        Assert.Contains(run.Errors, line => line.StartsWith("Succeeded: 1 of 1", StringComparison.Ordinal));
        // Pipes get no bar, no colour, no cursor.
        Assert.DoesNotContain('\u001b', run.Story);
    }

    [Fact]
    public async Task Every_option_is_part_of_the_order()
    {
        var run = (await RunAsync(
            "generate", "@home [sim: slow=0]", "--style", "cartoon", "--quality", "standard", "--width", "768", "--height", "512", "--count", "2", "--seed", "7", "--negative-prompt", "people", "--max-credits", "8", "--json")).Is(0);

        var job = run.Document.Deserialize<Generation>(PrintCraftClient.Json)!;
        Assert.Equal(("@home [sim: slow=0]", "cartoon", "people", 8), (job.Prompt, job.Style, job.NegativePrompt, job.Credits.Held));
        Assert.Equal(new GenerationOptions("standard", 768, 512, 7, 2, "png"), job.Options);
    }

    [Fact]
    public async Task Several_images_are_numbered_and_told_as_one_document()
    {
        var run = (await RunAsync("generate", "two foxes", "--quality", "draft", "--width", "512", "--height", "512", "--count", "2", "--out", "fox.png", "--json")).Is(0);

        Assert.Equal(["fox-0.png", "fox-1.png"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        Assert.Equal("succeeded", run.Document.GetProperty("status").GetString());
        Assert.Equal(["fox-0.png", "fox-1.png"], run.Document.GetProperty("files").EnumerateArray().Select(file => file.GetString()));
    }

    [Fact]
    public async Task Without_waiting_the_id_alone_is_the_result()
    {
        var run = (await RunAsync("generate", "a fox", "--quality", "draft")).Is(0);

        var id = Guid.Parse(Assert.Single(run.Output));
        Assert.Equal("a fox", (await User.Api.GetGenerationAsync(id, None)).Prompt);
    }

    [Fact]
    public async Task A_file_that_is_there_stays_and_nothing_is_ordered()
    {
        await File.WriteAllTextAsync(PathOf("fox.png"), "mine");

        var refused = await RunAsync("generate", "a fox", "--out", "fox.png", "--json");

        Assert.Equal(("usage", "mine"), (refused.Is(2).Error.GetProperty("code").GetString(), await File.ReadAllTextAsync(PathOf("fox.png"))));
        Assert.Empty((await User.Api.ListGenerationsAsync(null, null, None)).Data);
        (await RunAsync("generate", "a fox", "--quality", "draft", "--out", "fox.png", "--force")).Is(0);
        Assert.Equal((byte)'P', (await File.ReadAllBytesAsync(PathOf("fox.png")))[1]);
    }

    [Theory]
    [InlineData("fox.jpg", "--out must end with .png")]
    [InlineData("nowhere/fox.png", "There is no folder")]
    [InlineData("/proc/fox.png", "cannot be written")]
    public async Task A_place_that_cannot_be_written_is_named_before_anything_is_ordered(string file, string why)
    {
        var refused = (await RunAsync("generate", "a fox", "--out", file)).Is(2);

        Assert.Contains(why, refused.Errors[0], StringComparison.Ordinal);
        Assert.Empty((await User.Api.ListGenerationsAsync(null, null, None)).Data);
    }

    [Fact]
    public async Task A_job_that_fails_ends_with_1_and_says_that_nothing_was_charged()
    {
        var run = (await RunAsync("generate", "a fox [sim: end=nsfw]", "--quality", "draft", "--out", "fox.png", "--json")).Is(1);

        Assert.Contains("1 credits were given back", run.Error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("failed", run.Error.GetProperty("code").GetString());
        Assert.True(run.Document.TryGetProperty("generationId", out _) && run.Document.TryGetProperty("traceId", out _), run.Story);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task An_answer_that_gets_lost_orders_nothing_twice()
    {
        await using var line = TcpProxy.To(App.Address.Host, App.Address.Port);
        line.CutAfter(0);

        var run = (await CliProcess.RunAsync(new Uri($"http://localhost:{line.Port}"), User.Credential, Folder, "generate", "a fox", "--quality", "draft")).Is(0);

        Assert.True(line.Connections > 1, $"{line.Connections} connections");
        Assert.Equal(Guid.Parse(Assert.Single(run.Output)), Assert.Single((await User.Api.ListGenerationsAsync(null, null, None)).Data).Id);
    }

    [Fact]
    public async Task Commands_with_one_key_are_one_order()
    {
        string[] words = ["generate", "a fox", "--quality", "draft", "--idempotency-key", $"{Guid.NewGuid()}"];

        var runs = new[] { (await RunAsync(words)).Is(0), (await RunAsync(words)).Is(0) };

        Assert.Equal(runs[0].Output, runs[1].Output);
        (await RunAsync(["generate", "a hen", .. words[2..]])).Is(2);
    }

    [Fact]
    public async Task Interrupted_it_says_that_the_job_goes_on_and_how_to_follow_it()
    {
        await using var process = Start("generate", "a fox [sim: stuck=processing]", "--quality", "draft", "--out", "fox.png");
        await process.SaysAsync("submitted");

        process.Send(ProgramProcess.Interrupt);
        var run = (await process.EndedAsync()).Is(130);

        var job = Assert.Single((await User.Api.ListGenerationsAsync(null, null, None)).Data);
        Assert.False(job.IsFinal);
        Assert.Contains(run.Errors, error => error.StartsWith("printcraft: Interrupted. The job goes on.", StringComparison.Ordinal));
        Assert.Contains(run.Errors, error => error.Contains($"printcraft jobs watch {job.Id} --out fox.png", StringComparison.Ordinal));
        await User.Api.CancelGenerationAsync(job.Id, None);
    }

    [Fact]
    public async Task Interrupted_it_cancels_the_job_where_that_was_asked_for()
    {
        await using var process = Start("generate", "a fox [sim: stuck=processing]", "--quality", "draft", "--wait", "--cancel-on-interrupt");
        await process.SaysAsync("submitted");

        process.Send(ProgramProcess.Interrupt);
        (await process.EndedAsync()).Is(130);

        var job = Assert.Single((await User.Api.ListGenerationsAsync(null, null, None)).Data);
        Assert.Equal(GenerationStatus.Canceled, (await App.WaitUntilFinalAsync(User, job.Id)).Status);
    }
}
