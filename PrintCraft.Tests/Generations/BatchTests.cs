using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

[Collection(nameof(ApiAlone))]
public sealed class BatchTests(ApiAlone fixture)
{
    private const string Path = "/api/v1/generations/batch";
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_matrix_is_ordered_under_one_quote()
    {
        var user = _scenario.NewUser();

        var batch = await user.Api.CreateBatchAsync(
            new NewBatch("a pier", new("draft", Seeds: [1, 2], Styles: ["none", "cartoon"], Sizes: [new(512, 512), new(1024, 1024)])), null, None);

        Assert.Equal((8, 8, 8, 0), (batch.Quote.Credits, batch.Quote.Count, batch.Accepted, batch.Refused));
        Assert.Equal(
            ["none 512 1", "none 512 2", "none 1024 1", "none 1024 2", "cartoon 512 1", "cartoon 512 2", "cartoon 1024 1", "cartoon 1024 2"],
            batch.Data.Select(entry => $"{entry.Generation!.Style} {entry.Generation.Options.Width} {entry.Generation.Options.Seed}"));
        Assert.Equal(Enumerable.Range(0, 8), batch.Data.Select(entry => entry.Index));
        Assert.All(batch.Data, entry => Assert.Equal(("accepted", null), (entry.Status, entry.Error)));
        Assert.Equal((42, 8), (await _scenario.Sql.BalanceAsync(user.Id, "available"), await _scenario.Sql.BalanceAsync(user.Id, "held")));
        await CancelAsync(user, batch);
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task What_cannot_be_paid_is_refused_and_shown_and_the_rest_runs()
    {
        var user = _scenario.NewUser();

        // 16 credits each at 4 megapixels, 4 at one: three of the first leave 2.
        var batch = await user.Api.CreateBatchAsync(new NewBatch("a pier", new("standard", Seeds: [1, 2, 3, 4], Sizes: [new(2048, 2048), new(1024, 1024)])), null, None);

        Assert.Equal((80, 8, 3, 5), (batch.Quote.Credits, batch.Quote.Count, batch.Accepted, batch.Refused));
        Assert.Equal(["accepted", "accepted", "accepted", "refused", "refused", "refused", "refused", "refused"], batch.Data.Select(entry => entry.Status));
        Assert.All(batch.Data.Skip(3), entry => Assert.Equal(("insufficient_credits", null), (entry.Error?.Code, entry.Generation)));
        Assert.Contains("costs 16 credits and the balance is 2", batch.Data[3].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await user.Api.ListGenerationsAsync(null, null, None)).Data.Count);
        await CancelAsync(user, batch);
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task When_nothing_can_be_paid_or_the_whole_is_too_dear_nothing_is_ordered()
    {
        var user = _scenario.NewUser();

        await Answers.RefusedAsync(
            () => user.Api.CreateBatchAsync(new NewBatch("a pier", new("standard", 2048, 2048, Count: 4, Seeds: [1, 2])), null, None), HttpStatusCode.PaymentRequired, "insufficient_credits");
        var dear = await Answers.RefusedAsync(
            () => user.Api.CreateBatchAsync(new NewBatch("a pier", new("draft", Seeds: [1, 2, 3]), MaxCredits: 2), null, None), HttpStatusCode.PreconditionFailed, "precondition_failed");

        Assert.Equal("maxCredits", Assert.Single(dear.Error.Details).Field);
        Assert.Empty((await user.Api.ListGenerationsAsync(null, null, None)).Data);
        Assert.Equal(50, await _scenario.Sql.BalanceAsync(user.Id, "available"));
    }

    [Fact]
    public async Task The_same_key_gives_the_same_bytes_and_one_batch()
    {
        var user = _scenario.NewUser();
        var (order, key) = (new NewBatch("a pier", new("draft", Seeds: [1, 2, 3])), $"{Guid.NewGuid()}");

        var first = await user.PostAsync(Path, order, key);
        var again = await user.PostAsync(Path, order, key);
        var other = await user.PostAsync(Path, order with { Prompt = "another" }, key);

        Assert.Equal((HttpStatusCode.Created, true, first.Body), (again.Status, again.IsReplay, again.Body));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency_key_reused"), (other.Status, other.Code));
        var made = await user.Api.ListGenerationsAsync(null, null, None);
        Assert.Equal(3, made.Data.Count);
        foreach (var generation in made.Data)
        {
            await user.Api.CancelGenerationAsync(generation.Id, None);
        }
    }

    public static TheoryData<NewBatch, string> Wrong => new()
    {
        { new NewBatch("a pier", new("draft", Seeds: [.. Enumerable.Range(0, 51).Select(seed => (long)seed)])), "options" },
        { new NewBatch("a pier", new("draft", Seeds: [.. Enumerable.Range(0, 20).Select(seed => (long)seed)], Styles: ["none", "cartoon", "watercolor"])), "options" },
        { new NewBatch("a pier", new("draft", Seeds: [])), "options.seeds" },
        { new NewBatch("a pier", new("draft", Seed: 1, Seeds: [1])), "options.seeds" },
        { new NewBatch("a pier", new("draft", Styles: ["none"]), Style: "none"), "options.styles" },
        { new NewBatch("a pier", new("draft", Width: 512, Sizes: [new(512, 512)])), "options.sizes" },
        { new NewBatch("a pier", new("draft", Styles: ["none", "baroque"])), "options.styles[1]" },
        { new NewBatch("a pier", new("draft", Seeds: [1, 2, -3])), "options.seeds[2]" },
        { new NewBatch("a pier", new("standard", Sizes: [new(1024, 1024), new(1024, 100)])), "options.sizes[1].height" },
        { new NewBatch(" ", new("draft", Seeds: [1, 2, 3])), "prompt" },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public async Task Each_wrong_field_is_named_once_by_its_place_in_the_batch(NewBatch batch, string field)
    {
        var problem = await Answers.RefusedAsync(() => _scenario.NewUser().Api.CreateBatchAsync(batch, null, None), HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(field, Assert.Single(problem.Error.Details).Field);
    }

    private static async Task CancelAsync(TestUser user, Batch batch)
    {
        foreach (var entry in batch.Data.Where(entry => entry.Generation is not null))
        {
            await user.Api.CancelGenerationAsync(entry.Generation!.Id, None);
        }
    }
}
