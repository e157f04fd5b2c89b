using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

[Collection(nameof(ApiAlone))]
public sealed class RetryGenerationTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_cancelled_job_is_ordered_again_with_the_same_seed_and_a_new_hold()
    {
        var user = _scenario.NewUser();
        var first = await CanceledAsync(user, new NewGeneration("a pier", "cartoon", new("standard", 768, 512, Count: 2), "people", "https://example.com/hook"));

        var again = await user.Api.RetryGenerationAsync(first.Id, null, null, None);

        Assert.NotEqual(first.Id, again.Id);
        Assert.Equal((GenerationStatus.Pending, new GenerationCredits(8, 0, 0)), (again.Status, again.Credits));
        Assert.Equal(
            (first.Prompt, first.NegativePrompt, first.Style, first.Options, first.WebhookUrl, first.Metadata.ModelUsed),
            (again.Prompt, again.NegativePrompt, again.Style, again.Options, again.WebhookUrl, again.Metadata.ModelUsed));
        Assert.Equal(GenerationStatus.Canceled, (await user.Api.GetGenerationAsync(first.Id, None)).Status);
        Assert.Equal((42, 8), (await _scenario.Sql.BalanceAsync(user.Id, "available"), await _scenario.Sql.BalanceAsync(user.Id, "held")));
        await user.Api.CancelGenerationAsync(again.Id, None);
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task The_same_key_makes_one_new_job()
    {
        var user = _scenario.NewUser();
        var (first, key) = (await CanceledAsync(user), $"{Guid.NewGuid()}");

        var answers = new List<PostAnswer>();
        for (var time = 0; time < 2; time++)
        {
            answers.Add(await user.PostAsync($"/api/v1/generations/{first.Id}/retry", null, key));
        }

        Assert.Equal((HttpStatusCode.Created, false), (answers[0].Status, answers[0].IsReplay));
        Assert.Equal((HttpStatusCode.Created, true, answers[0].Body), (answers[1].Status, answers[1].IsReplay, answers[1].Body));
        await user.Api.CancelGenerationAsync(answers[0].Id, None);
    }

    [Fact]
    public async Task What_runs_and_what_is_somebody_elses_is_not_ordered_again()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);

        await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(id, null, null, None), HttpStatusCode.Conflict, "conflict");
        await user.Api.CancelGenerationAsync(id, None);
        await Answers.RefusedAsync(() => _scenario.NewUser().Api.RetryGenerationAsync(id, null, null, None), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Without_credits_the_answer_is_402()
    {
        var user = _scenario.NewUser();
        var first = await CanceledAsync(user, new NewGeneration("a pier", Options: new("standard", 1024, 1024, Count: 4)));
        // 50 credits, of which two orders of 16 and one of 8 leave 10.
        Guid[] others = [await StandardAsync(4), await StandardAsync(4), await StandardAsync(2)];

        await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(first.Id, null, null, None), HttpStatusCode.PaymentRequired, "insufficient_credits");

        foreach (var other in others)
        {
            await user.Api.CancelGenerationAsync(other, None);
        }

        async Task<Guid> StandardAsync(int count) => await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", Count: count)));
    }

    [Fact]
    public async Task What_the_catalogue_no_longer_makes_is_a_conflict_that_says_so()
    {
        var user = _scenario.NewUser();
        var first = await CanceledAsync(user);

        await _scenario.Sql.ExecuteAsync("UPDATE generations SET model = 'somebody/gone' WHERE id = $1", first.Id);
        var model = await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(first.Id, null, null, None), HttpStatusCode.Conflict, "conflict");
        await _scenario.Sql.ExecuteAsync("UPDATE generations SET model = 'black-forest-labs/flux-schnell', width = 520 WHERE id = $1", first.Id);
        var size = await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(first.Id, null, null, None), HttpStatusCode.Conflict, "conflict");

        Assert.Contains("somebody/gone", model.Error.Message, StringComparison.Ordinal);
        Assert.Contains("520×512 is not a size", size.Error.Message, StringComparison.Ordinal);
    }

    private async Task<Generation> CanceledAsync(TestUser user, NewGeneration? order = null) =>
        await user.Api.CancelGenerationAsync(await _scenario.OrderAsync(user, order ?? Posting.Order()), None);
}
