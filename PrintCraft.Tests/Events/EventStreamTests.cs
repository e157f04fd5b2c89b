using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Events;

/// <summary>Server-sent events on the shared graph, where jobs run.</summary>
public sealed class EventStreamTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_job_is_followed_from_its_first_event_to_its_last()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(Order(), None);

        var told = await FollowAsync(user, created.Id);

        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(item => (int)item.Id));
        Assert.All(told, item => Assert.Equal((item.Id, created.Id), (item.Data.Seq, item.Data.GenerationId)));
        Assert.Equal(["accepted", "submitted", "output", "stored", "succeeded"], told.Select(item => item.Data.Type).Where(type => type != "progress"));
        Assert.All(told.SkipLast(1), item => Assert.Equal(("job.progress", false, null), (item.Name, item.Data.IsFinal, item.Data.ImageUrl)));
        Assert.Equal((GenerationStatus.Pending, 10), (told[0].Data.Status, told[0].Data.Progress));
        Assert.Equal(("job.completed", GenerationStatus.Succeeded, 100), (told[^1].Name, told[^1].Data.Status, told[^1].Data.Progress));
        var bar = told.Select(item => item.Data.Progress).ToList();
        Assert.Equal(bar.Order(), bar);
        Assert.Equal(HttpStatusCode.OK, (await app.Http("api").GetAsync(told[^1].Data.ImageUrl)).StatusCode);
    }

    [Fact]
    public async Task A_client_that_comes_back_goes_on_without_gap_or_repetition_and_is_told_when_it_has_everything()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(Order(), None);
        var all = await FollowAsync(user, created.Id);

        foreach (var last in all.SkipLast(1).Select(item => item.Id))
        {
            using var byHeader = await user.Api.OpenGenerationEventsAsync(created.Id, last, None);
            Assert.Equal(all.Where(item => item.Id > last).Select(Told), (await ReadAsync(byHeader)).Select(Told));
        }

        using var byParameter = await user.Http.GetAsync($"/api/v1/generations/{created.Id}/events?after=2");
        Assert.Equal(all.Skip(2).Select(Told), (await ReadAsync(byParameter)).Select(Told));
        using var done = await user.Api.OpenGenerationEventsAsync(created.Id, all[^1].Id, None);
        Assert.Equal(HttpStatusCode.NoContent, done.StatusCode);

        static string Told(StreamedEvent item) => $"{item.Id} {item.Name} {item.Data.Type} {item.Data.Progress}";
    }

    [Fact]
    public async Task A_job_that_fails_tells_why()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var created = await user.Api.CreateGenerationAsync(Order("end=nsfw slow=0.1"), None);

        var told = await FollowAsync(user, created.Id);

        Assert.Equal(("job.failed", "failed", GenerationStatus.Failed, "content_refused"), (told[^1].Name, told[^1].Data.Type, told[^1].Data.Status, told[^1].Data.Error?.Code));
    }

    [Fact]
    public async Task One_stream_tells_of_all_jobs_from_now_on_in_one_sequence()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var before = await user.Api.CreateGenerationAsync(Order(), None);
        await FollowAsync(user, before.Id);

        using var stream = await user.Api.OpenEventsAsync(null, None);
        var jobs = new HashSet<Guid>();
        for (var job = 0; job < 3; job++)
        {
            jobs.Add((await user.Api.CreateGenerationAsync(Order(), None)).Id);
        }

        using var patience = Patience();
        var told = new List<StreamedEvent>();
        await foreach (var item in stream.ReadEventsAsync(patience.Token))
        {
            told.Add(item);
            if (told.Count(past => past.Data.IsFinal) == jobs.Count)
            {
                break;
            }
        }

        Assert.Equal(jobs, told.Select(item => item.Data.GenerationId).ToHashSet());
        Assert.Equal(Enumerable.Range((int)told[0].Id, told.Count), told.Select(item => (int)item.Id));
        Assert.All(jobs, job => Assert.Equal(
            Enumerable.Range(1, told.Count(item => item.Data.GenerationId == job)), told.Where(item => item.Data.GenerationId == job).Select(item => item.Data.Seq)));
        // And from the beginning, for whoever asks so.
        using var all = await user.Http.GetAsync("/api/v1/generations/events?after=0", HttpCompletionOption.ResponseHeadersRead);
        await foreach (var item in all.ReadEventsAsync(patience.Token))
        {
            Assert.Equal((1, before.Id), (item.Id, item.Data.GenerationId));
            break;
        }
    }

    [Fact]
    public async Task Without_Redis_the_streams_still_tell_everything()
    {
        // Only the poll that is for the time without Redis can bring what the worker did before the patience ends.
        await using var scenario = await Scenario.StartAsync(new() { Settings = new Dictionary<string, string?> { ["Events__Heartbeat"] = "00:05:00", ["Events__Poll"] = "00:05:00" } });
        var user = scenario.NewUser();
        scenario.Redis.Refuse();
        await Eventually.HoldsAsync(
            async () => await user.Api.GetCreditsAsync(None) is not null && scenario.Api.Lines.Any(line => line.Contains("Redis does not answer", StringComparison.Ordinal)),
            () => $"the API to notice. {scenario.Story()}",
            TimeSpan.FromSeconds(30));

        var created = await user.Api.CreateGenerationAsync(Order(), None);
        var told = await FollowAsync(user, created.Id);

        Assert.Equal("succeeded", told[^1].Data.Type);
        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(item => (int)item.Id));
    }

    private static NewGeneration Order(params string[] faults) => new(Scenario.Prompt(faults), Options: new("draft", 512, 512));

    private static async Task<IReadOnlyList<StreamedEvent>> FollowAsync(TestUser user, Guid id)
    {
        using var patience = Patience();
        var told = new List<StreamedEvent>();
        await foreach (var item in user.Api.FollowAsync(id, patience.Token))
        {
            told.Add(item);
        }

        return told;
    }

    private static async Task<IReadOnlyList<StreamedEvent>> ReadAsync(HttpResponseMessage response)
    {
        using var patience = Patience();
        var told = new List<StreamedEvent>();
        await foreach (var item in response.ReadEventsAsync(patience.Token))
        {
            told.Add(item);
        }

        return told;
    }

    private static CancellationTokenSource Patience() => new(TimeSpan.FromSeconds(60));
}
