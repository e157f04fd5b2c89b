using System.Net;

using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

/// <summary>Cancelling what no worker has.</summary>
[Collection(nameof(ApiAlone))]
public sealed class CancelGenerationTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task A_waiting_job_ends_at_once_and_costs_nothing()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", Count: 2)));

        var canceled = await user.Api.CancelGenerationAsync(id, None);
        var again = await user.Api.CancelGenerationAsync(id, None);

        Assert.Equal((GenerationStatus.Canceled, new GenerationCredits(0, 0, 8), true), (canceled.Status, canceled.Credits, canceled.CompletedAt is not null));
        Assert.Equivalent(canceled, again, strict: true);
        Assert.Equal(["hold|8", "release|8"], await _scenario.Sql.JournalsAsync(id));
        Assert.Equal((50, 0), (await _scenario.Sql.BalanceAsync(user.Id, "available"), await _scenario.Sql.BalanceAsync(user.Id, "held")));
        Assert.Equal(["1|1|accepted", "2|2|canceled"], await _scenario.Sql.ListAsync("SELECT seq, user_seq, type FROM generation_events WHERE generation_id = $1 ORDER BY seq", id));
        Assert.Equal(["canceled", "canceled"], await _scenario.Sql.ListAsync("SELECT status FROM generation_images WHERE generation_id = $1", id));
        Assert.Equal(
            [$$"""{"status": "canceled", "userId": "{{user.Id}}", "generationId": "{{id}}"}"""],
            await _scenario.Sql.ListAsync("SELECT body FROM outbox WHERE routing_key = 'generation.finished' AND body ->> 'generationId' = $1", $"{id}"));
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task Twenty_who_cancel_the_same_job_release_its_hold_once()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => user.Api.CancelGenerationAsync(id, None)));

        Assert.All(answers, answer => Assert.Equal(GenerationStatus.Canceled, answer.Status));
        Assert.Equal(["hold|1", "release|1"], await _scenario.Sql.JournalsAsync(id));
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task A_running_job_is_marked_for_its_worker()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);
        // As a worker's claim does.
        await _scenario.Sql.ExecuteAsync(
            "UPDATE generations SET status = 'processing', started_at = now(), lease_until = now() + interval '1 hour', due_at = now() + interval '1 hour', lease_token = 1 WHERE id = $1", id);

        var answer = await user.Api.CancelGenerationAsync(id, None);

        Assert.Equal(GenerationStatus.Processing, answer.Status);
        Assert.Equal(
            ["True|True|True"],
            await _scenario.Sql.ListAsync("SELECT cancel_requested_at IS NOT NULL, due_at <= now(), hinted FROM generations WHERE id = $1", id));
        await _scenario.Sql.ExecuteAsync("UPDATE generations SET status = 'pending', started_at = NULL, lease_until = NULL WHERE id = $1", id);
        await user.Api.CancelGenerationAsync(id, None);
    }

    [Fact]
    public async Task Somebody_elses_job_is_not_found_and_goes_on()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);

        await Answers.RefusedAsync(() => _scenario.NewUser().Api.CancelGenerationAsync(id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => user.Api.CancelGenerationAsync(Guid.CreateVersion7(), None), HttpStatusCode.NotFound, "not_found");

        Assert.Equal(GenerationStatus.Pending, (await user.Api.GetGenerationAsync(id, None)).Status);
        await user.Api.CancelGenerationAsync(id, None);
    }

    [Fact]
    public async Task What_was_paid_with_credits_that_expire_goes_back_to_them()
    {
        var (admin, user) = (_scenario.User("admin"), _scenario.NewUser());
        await user.Api.GetCreditsAsync(None);
        var expiry = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await admin.Api.GrantCreditsAsync(new NewGrant(user.Id, 5, "promo", expiry), null, None);
        var id = await _scenario.OrderAsync(user, new NewGeneration("a pier", Options: new("standard", Count: 2)));

        var during = await user.Api.GetCreditsAsync(None);
        await user.Api.CancelGenerationAsync(id, None);
        var after = await user.Api.GetCreditsAsync(None);

        Assert.Equal((47, 8, 0), (during.Available, during.Held, during.Expiring.Count));
        Assert.Equal((55, 0, new ExpiringCredits(5, expiry)), (after.Available, after.Held, Assert.Single(after.Expiring)));
        await _scenario.Sql.AssertLedgerHoldsAsync(user.Id);
    }
}
