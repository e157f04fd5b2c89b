using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Messaging;

[Collection(nameof(ApiAlone))]
public sealed class DeadLetterReplayTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;
    private readonly TestUser _admin = fixture.Scenario.User("admin");

    [Fact]
    public async Task An_open_generation_is_queued_again_once()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);
        var letter = await DieAsync(id);

        var replayed = await _admin.Api.ReplayDeadLetterAsync(letter, None);

        Assert.Equal(("requeued", id), (replayed.Outcome, replayed.GenerationId));
        Assert.Equal(2, await StartsAsync(id));
        await Answers.RefusedAsync(() => _admin.Api.ReplayDeadLetterAsync(letter, None), HttpStatusCode.Conflict, "conflict");
        Assert.Equal(2, await StartsAsync(id));
        Assert.Equal(["True|"], await StateAsync(letter));
        await user.Api.CancelGenerationAsync(id, None);
    }

    [Fact]
    public async Task What_had_ended_without_a_picture_is_a_new_job_that_its_owner_pays()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", "cartoon", new("standard", Seed: 7)));
        await user.Api.CancelGenerationAsync(id, None);
        var letter = await DieAsync(id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _admin.PostAsync($"/api/v1/admin/dead-letters/{letter}/replay", null, null)));

        Assert.Equal(1, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), answer => Assert.Equal((HttpStatusCode.Conflict, "conflict"), (answer.Status, answer.Code)));
        var mine = (await user.Api.ListGenerationsAsync(null, null, None)).Data;
        Assert.Equal([GenerationStatus.Pending, GenerationStatus.Canceled], mine.Select(generation => generation.Status));
        Assert.Equal(("cartoon", 7L, new GenerationCredits(4, 0, 0)), (mine[0].Style, mine[0].Options.Seed, mine[0].Credits));
        Assert.Equal([$"True|{mine[0].Id}"], await StateAsync(letter));
        await user.Api.CancelGenerationAsync(mine[0].Id, None);
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task Nothing_runs_when_the_owner_cannot_pay_and_the_letter_stays_to_be_replayed()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", 2048, 2048)));
        await user.Api.CancelGenerationAsync(id, None);
        var letter = await DieAsync(id);
        var spending = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", 2048, 2048, Count: 3)));

        var problem = await Answers.RefusedAsync(() => _admin.Api.ReplayDeadLetterAsync(letter, None), HttpStatusCode.PaymentRequired, "insufficient_credits");

        Assert.Contains("costs 16 credits and its owner's balance is 2", problem.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["False|"], await StateAsync(letter));
        await user.Api.CancelGenerationAsync(spending, None);
        Assert.Equal("newGeneration", (await _admin.Api.ReplayDeadLetterAsync(letter, None)).Outcome);
        await user.Api.CancelGenerationAsync((await user.Api.ListGenerationsAsync(1, null, None)).Data[0].Id, None);
    }

    [Theory]
    [InlineData(null, "names no generation")]
    [InlineData("0198f1c2-3456-7abc-8def-0123456789ab", "does not exist")]
    public async Task A_letter_that_leads_nowhere_is_told_of(string? generation, string reason)
    {
        var letter = await DieAsync(generation is null ? null : Guid.Parse(generation));

        var problem = await Answers.RefusedAsync(() => _admin.Api.ReplayDeadLetterAsync(letter, None), HttpStatusCode.Conflict, "conflict");

        Assert.Contains(reason, problem.Error.Message, StringComparison.Ordinal);
        await Answers.RefusedAsync(() => _admin.Api.ReplayDeadLetterAsync(Guid.NewGuid(), None), HttpStatusCode.NotFound, "not_found");
        Assert.Equal(["False|"], await StateAsync(letter));
    }

    [Fact]
    public async Task All_are_replayed_at_once_and_the_list_tells_what_is_left()
    {
        await _scenario.Sql.ExecuteAsync("DELETE FROM dead_letters");
        var user = _scenario.NewUser();
        var (open, ended) = (await _scenario.OrderAsync(user), await _scenario.OrderAsync(user));
        await user.Api.CancelGenerationAsync(ended, None);
        Guid[] letters = [await DieAsync(open), await DieAsync(ended), await DieAsync(null)];

        var first = await _admin.Api.ListDeadLettersAsync(false, 1, 2, None);
        var replays = await _admin.Api.ReplayDeadLettersAsync(None);
        var left = await _admin.Api.ListDeadLettersAsync(false, null, null, None);
        var done = await _admin.Api.ListDeadLettersAsync(true, 2, 1, None);

        Assert.Equal(new PagePagination(1, 2, 3, 2, true, false), first.Pagination);
        Assert.Equal([letters[2], letters[1]], first.Data.Select(letter => letter.Id));
        Assert.Equal((2, 1), (replays.Replayed, replays.Refused));
        Assert.Equal([(letters[0], "requeued"), (letters[1], "newGeneration"), (letters[2], "impossible")], replays.Data.Select(replay => (replay.Id, replay.Outcome)));
        Assert.Equal([letters[2]], left.Data.Select(letter => letter.Id));
        Assert.Equal((new PagePagination(2, 1, 2, 2, false, true), letters[0]), (done.Pagination, Assert.Single(done.Data).Id));
        await (await _admin.Http.GetAsync("/api/v1/admin/dead-letters?page=0&perPage=101")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
        foreach (var generation in (await user.Api.ListGenerationsAsync(null, null, None)).Data)
        {
            await user.Api.CancelGenerationAsync(generation.Id, None);
        }
    }

    /// <summary>A letter as the worker writes it down.</summary>
    private async Task<Guid> DieAsync(Guid? generation)
    {
        var id = Guid.CreateVersion7();
        await _scenario.Sql.ExecuteAsync(
            "INSERT INTO dead_letters (id, queue, message_id, body, reason, generation_id, died_at) VALUES ($1, 'generation', $2, $3, 'rejected', $4, clock_timestamp())",
            id, $"{id}", $$"""{"generationId":"{{generation}}"}""", generation is { } known ? known : DBNull.Value);
        return id;
    }

    private Task<long> StartsAsync(Guid id) =>
        _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE routing_key = 'generate' AND body ->> 'generationId' = $1", $"{id}");

    private Task<IReadOnlyList<string>> StateAsync(Guid letter) => _scenario.Sql.ListAsync("SELECT replayed_at IS NOT NULL, replayed_as FROM dead_letters WHERE id = $1", letter);
}
