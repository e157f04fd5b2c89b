using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

public sealed class DeleteGenerationTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_deleted_generation_is_nowhere_any_more_and_its_money_stays_booked()
    {
        var app = await PrintCraftApp.GetAsync();
        var (user, http) = (app.NewUser(), app.Http("api"));
        var kept = await user.Api.CreateGenerationAsync(Order(), None);
        var created = await user.Api.CreateGenerationAsync(Order(), None);
        await app.WaitUntilFinalAsync(user, kept.Id);
        var done = await app.WaitUntilFinalAsync(user, created.Id);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(done.ImageUrl)).StatusCode);

        await user.Api.DeleteGenerationAsync(created.Id, None);

        await Answers.RefusedAsync(() => user.Api.GetGenerationAsync(created.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => user.Api.DeleteGenerationAsync(created.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => user.Api.CancelGenerationAsync(created.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(created.Id, null, null, None), HttpStatusCode.NotFound, "not_found");
        await (await user.Http.GetAsync($"/api/v1/generations/{created.Id}/events")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal([kept.Id], (await user.Api.ListGenerationsAsync(null, null, None)).Data.Select(generation => generation.Id));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(done.ImageUrl)).StatusCode);
        Assert.DoesNotContain(Directory.GetFiles(app.ImageFolder, "*", SearchOption.AllDirectories), file => file.Contains($"{created.Id}", StringComparison.Ordinal));

        var database = await app.DatabaseAsync();
        Assert.True(await database.ScalarAsync<bool>("SELECT purged_at IS NOT NULL FROM generations WHERE id = $1", created.Id));
        Assert.Equal(["hold|1", "capture|1"], await database.JournalsAsync(created.Id));
        Assert.Equal(48, (await user.Api.GetCreditsAsync(None)).Available);
        using var events = await user.Http.GetAsync("/api/v1/generations/events?after=0", HttpCompletionOption.ResponseHeadersRead);
        await foreach (var item in events.ReadEventsAsync(None))
        {
            Assert.Equal(kept.Id, item.Data.GenerationId);
            if (item.Data.IsFinal)
            {
                break;
            }
        }
    }

    [Fact]
    public async Task What_runs_is_not_deleted_and_neither_is_somebody_elses()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(Order("slow=3"), None);

        await Answers.RefusedAsync(() => user.Api.DeleteGenerationAsync(created.Id, None), HttpStatusCode.Conflict, "conflict");
        await Answers.RefusedAsync(() => app.NewUser().Api.DeleteGenerationAsync(created.Id, None), HttpStatusCode.NotFound, "not_found");

        await app.WaitUntilFinalAsync(user, created.Id);
    }

    private static NewGeneration Order(params string[] faults) => new(Scenario.Prompt(faults), Options: new("draft", 512, 512));
}
