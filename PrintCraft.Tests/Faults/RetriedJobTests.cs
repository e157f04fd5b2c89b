using System.Net;

namespace PrintCraft.Tests.Faults;

/// <summary>A user orders a failed job again: a new job, paid by a new hold.</summary>
[Collection(nameof(ProviderFaults))]
public sealed class RetriedJobTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F32")]
    public async Task A_failed_job_that_is_ordered_again_is_a_new_job_with_a_hold_of_its_own()
    {
        var user = _scenario.NewUser();
        var failed = await _scenario.OrderAsync(user, "end=nsfw times=1; slow=0.3");
        Assert.Equal("failed|content_refused|0|1", await _scenario.EndAsync(failed));

        var (path, key) = ($"/api/v1/generations/{failed}/retry", $"{Guid.NewGuid()}");
        var first = await user.PostAsync(path, null, key);
        var again = await user.PostAsync(path, null, key);

        Assert.Equal((HttpStatusCode.Created, false), (first.Status, first.IsReplay));
        Assert.Equal((HttpStatusCode.Created, true, first.Body), (again.Status, again.IsReplay, again.Body));
        Assert.NotEqual(failed, first.Id);
        _scenario.Accepted(first.Id);
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(first.Id));
        Assert.Equal("failed|content_refused|0|1", await _scenario.OutcomeAsync(failed));
        Assert.Equal(["hold|1", "release|1"], await _scenario.Sql.JournalsAsync(failed));
        Assert.Equal(["hold|1", "capture|1"], await _scenario.Sql.JournalsAsync(first.Id));
        Assert.Equal(HttpStatusCode.Conflict, (await user.PostAsync($"/api/v1/generations/{first.Id}/retry", null, $"{Guid.NewGuid()}")).Status);
        Assert.Equal(49, await _scenario.Sql.BalanceAsync(user.Id, "available"));
        await _scenario.AssertInvariantsAsync();
    }
}
