using System.Diagnostics;
using System.Net;

using PrintCraft.Core.Messaging;

namespace PrintCraft.Tests.Faults;

/// <summary>The broker is away, silent or fed with rubbish: orders are taken all the same, and no job depends on a message.</summary>
[Collection(nameof(NetworkFaults))]
public sealed class BrokerFaultTests(QuietScenario fixture)
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AfterReturn = TimeSpan.FromSeconds(60);

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F7")]
    public Task A_broker_that_is_down_stops_no_order_and_its_backlog_leaves_when_it_is_back() => WithoutBrokerAsync(_scenario.RabbitMq.Refuse);

    [Fact]
    [Trait("Fault", "F8")]
    public Task A_broker_that_takes_everything_and_says_nothing_stops_no_order() => WithoutBrokerAsync(_scenario.RabbitMq.Blackhole);

    [Fact]
    [Trait("Fault", "F8")]
    public async Task Connections_that_are_cut_under_load_lose_no_message_that_matters()
    {
        var user = _scenario.NewUser();
        var ids = new List<Guid>();

        for (var round = 0; round < 5; round++)
        {
            ids.AddRange(await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _scenario.OrderAsync(user))));
            if (round % 2 == 0)
            {
                _scenario.RabbitMq.Reset();
            }
            else
            {
                _scenario.RabbitMq.HalfClose();
            }
        }

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Theory]
    [Trait("Fault", "F22")]
    [InlineData("no JSON at all")]
    [InlineData("""{"generationId":"not an id"}""")]
    [InlineData("""{"version":99}""")]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters_and_its_neighbours_are_unharmed(string payload)
    {
        var user = _scenario.NewUser();
        var before = await LettersAsync();

        await _scenario.Servers.PublishAsync(Topology.WorkExchange, Topology.GenerateKey, payload);
        var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _scenario.OrderAsync(user)));

        await _scenario.UntilAsync($"(SELECT count(*) FROM dead_letters) = {before + 1}");
        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.Equal(0, await _scenario.Servers.QueueDepthAsync(Topology.GenerationQueue));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F22")]
    public async Task A_job_that_no_worker_can_run_fails_and_is_released_and_its_neighbours_are_unharmed()
    {
        var user = _scenario.NewUser();
        _scenario.Worker.Stop();
        var poison = await _scenario.OrderAsync(user);
        await _scenario.Sql.ExecuteAsync("UPDATE generations SET model = 'sold/yesterday' WHERE id = $1", poison);
        var neighbour = await _scenario.OrderAsync(user);

        _scenario.Worker.Continue();

        Assert.Equal(("failed|provider_rejected|0|1", "succeeded||1|0"), (await _scenario.EndAsync(poison), await _scenario.EndAsync(neighbour)));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F22")]
    public async Task A_message_of_a_job_that_is_not_there_or_is_done_is_dropped()
    {
        var id = await _scenario.OrderAsync(_scenario.NewUser());
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));

        foreach (var job in new[] { id, id, Guid.NewGuid() })
        {
            await _scenario.Servers.PublishAsync(Topology.WorkExchange, Topology.GenerateKey, $$"""{"generationId":"{{job}}"}""");
        }

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(await _scenario.OrderAsync(_scenario.NewUser())));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    private async Task WithoutBrokerAsync(Action breakLine)
    {
        var user = _scenario.NewUser();
        await _scenario.OrderAsync(user);
        breakLine();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => user.PostAsync(Posting.Order(), key: null)));
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Prompt);
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
            Assert.True(await _scenario.Api.AnswersAsync("/health"));
            answers.ToList().ForEach(answer => _scenario.Accepted(answer.Id));

            // Without their messages the jobs are taken when these are late.
            Assert.All(await Task.WhenAll(answers.Select(answer => _scenario.EndAsync(answer.Id))), outcome => Assert.Equal("succeeded||1|0", outcome));
            Assert.True(await _scenario.Sql.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM outbox WHERE sent_at IS NULL)"));
        }
        finally
        {
            _scenario.RabbitMq.Pass();
        }

        await _scenario.AssertInvariantsAsync(AfterReturn);
    }

    private Task<long> LettersAsync() => _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM dead_letters");
}
