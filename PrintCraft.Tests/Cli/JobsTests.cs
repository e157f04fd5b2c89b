using System.Text.Json;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Operations;

namespace PrintCraft.Tests.Cli;

/// <summary>`printcraft jobs` and its commands.</summary>
public sealed class JobsTests : CliFolder
{
    [Fact]
    public async Task A_list_is_lines_with_tabs_in_a_pipe_and_the_feed_as_JSON()
    {
        var (done, canceled) = ((await EndedAsync()).Id, await CanceledAsync());

        var lines = (await RunAsync("jobs")).Is(0).Output;
        var filtered = (await RunAsync("jobs", "--status", "canceled,failed", "--q", "fox", "--json")).Is(0).Document;
        var page = (await RunAsync("jobs", "--limit", "1", "--json")).Is(0).Document;

        Assert.Equal([$"{canceled}", $"{done}"], lines.Select(line => line.Split('\t')[0]));
        Assert.Equal(["canceled", "succeeded"], lines.Select(line => line.Split('\t')[1]));
        Assert.Equal([$"{canceled}"], filtered.GetProperty("data").EnumerateArray().Select(job => job.GetProperty("id").GetString()));
        var cursor = page.GetProperty("pagination").GetProperty("nextCursor").GetString()!;
        Assert.StartsWith($"{done}\t", Assert.Single((await RunAsync("jobs", "--limit", "1", "--cursor", cursor)).Is(0).Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_cancelled_and_ordered_again()
    {
        var id = await OrderAsync("slow=30");

        (await RunAsync("jobs", "cancel", $"{id}")).Is(0);
        await App.WaitUntilFinalAsync(User, id);
        (await RunAsync("jobs", "cancel", $"{(await EndedAsync()).Id}", "--json")).Is(1);
        var again = Guid.Parse(Assert.Single((await RunAsync("jobs", "retry", $"{id}")).Is(0).Output));

        Assert.NotEqual(id, again);
        await User.Api.CancelGenerationAsync(again, None);
    }

    [Fact]
    public async Task A_watched_job_is_a_line_for_each_event_and_the_job_at_the_end()
    {
        var job = await EndedAsync();

        var run = (await RunAsync("jobs", "watch", $"{job.Id}", "--json", "--out", "fox.png")).Is(0);

        var lines = run.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, lines.Count - 1), lines[..^1].Select(line => line.GetProperty("data").GetProperty("seq").GetInt32()));
        Assert.Equal(("job.progress", "job.completed"), (lines[0].GetProperty("event").GetString(), lines[^2].GetProperty("event").GetString()));
        Assert.Equal(("succeeded", "fox.png"), (lines[^1].GetProperty("status").GetString(), lines[^1].GetProperty("files")[0].GetString()));
        Assert.True(File.Exists(PathOf("fox.png")));
    }

    [Fact]
    public async Task A_broken_line_costs_neither_a_gap_nor_a_repetition()
    {
        await using var line = TcpProxy.To(App.Address.Host, App.Address.Port);
        var id = await OrderAsync("slow=10");
        await using var process = CliProcess.Start(new Uri($"http://localhost:{line.Port}"), User.Credential, Folder, "jobs", "watch", $"{id}", "--json");
        await process.SaysAsync("\"submitted\"");

        line.Refuse();
        await process.SaysAsync("The API does not answer; trying again");
        line.Pass();
        var run = (await process.EndedAsync()).Is(0);

        var events = run.Output.SkipLast(1).Select(text => JsonDocument.Parse(text).RootElement).Where(happened => happened.TryGetProperty("id", out _)).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => happened.GetProperty("data").GetProperty("seq").GetInt32()));
        Assert.Equal("job.completed", events[^1].GetProperty("event").GetString());
        Assert.True(line.Connections > 1, $"{line.Connections} connections");
    }

    [Fact]
    public async Task A_line_that_breaks_before_the_first_event_costs_none()
    {
        await using var line = TcpProxy.To(App.Address.Host, App.Address.Port);
        await using var process = CliProcess.Start(new Uri($"http://localhost:{line.Port}"), User.Credential, Folder, "jobs", "watch", "--json");
        await Eventually.HoldsAsync(() => Task.FromResult(line.Answered > 0), () => "the stream to begin", TimeSpan.FromSeconds(30));

        line.Refuse();
        await process.SaysAsync("The API does not answer; trying again");
        var id = await OrderAsync("slow=0.1");
        await App.WaitUntilFinalAsync(User, id);
        line.Pass();
        await process.SaysAsync("job.completed");
        process.Send(ProgramProcess.Interrupt);
        var run = await process.EndedAsync();

        var events = run.Output.SkipLast(1).Select(text => JsonDocument.Parse(text).RootElement.GetProperty("data")).ToList();
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(happened => happened.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task Where_no_stream_is_to_be_had_the_job_is_read_as_seldom_as_the_API_asks()
    {
        var id = await OrderAsync("slow=4");
        var streams = new List<HttpResponseMessage>();
        for (var place = 0; place < 5; place++)
        {
            streams.Add(await User.Api.OpenEventsAsync(null, None));
        }

        await using var process = Start("jobs", "watch", $"{id}", "--json");
        await process.SaysAsync("The API asks for a pause of 5 s");
        var run = (await process.EndedAsync()).Is(0);
        streams.ForEach(stream => stream.Dispose());

        var lines = run.Output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        // Read at once, and after each pause of 5 s or more.
        Assert.All(lines[..^1], line => Assert.Equal("job.read", line.GetProperty("event").GetString()));
        Assert.InRange(lines.Count - 1, 2, 1 + (int)(process.Age.TotalSeconds / 5));
        Assert.Equal("succeeded", lines[^1].GetProperty("status").GetString());
    }

    [Fact]
    public async Task All_jobs_are_watched_until_somebody_ends_it()
    {
        await using var process = Start("jobs", "watch", "--json");
        await FirstEventAsync(process);

        process.Send(ProgramProcess.Interrupt);
        var run = (await process.EndedAsync()).Is(130);

        var last = JsonDocument.Parse(run.Output[^1]).RootElement;
        Assert.Equal("interrupted", last.GetProperty("error").GetProperty("code").GetString());
        Assert.All(run.Output.SkipLast(1), line => Assert.StartsWith("{\"id\":", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watching_ends_when_nobody_reads_any_more()
    {
        await using var process = CliProcess.Start(App.Address, User.Credential, Folder, [], ["bash", "-o", "pipefail", "-c", $"dotnet '{CliProcess.Program}' jobs watch | head -n 1"]);

        await FirstEventAsync(process);
        await EndedAsync();

        (await process.EndedAsync()).Is(0);
    }
}
