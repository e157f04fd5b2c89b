using PrintCraft.Core.Generations;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

public sealed class EstimateRulesTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    [Fact]
    public void Without_recent_runs_the_catalogue_speaks()
    {
        Assert.Equal(15, EstimateRules.Seconds(TimeSpan.FromSeconds(15), RecentRuns.None.Usual("a/b", 1024, 1024), 0, RecentRuns.None.PerSecond, Deadline));
        Assert.Null(RecentRuns.Of([Run(2), Run(2)], SampleGeneration.Noon).Usual("a/b", 1024, 1024));
    }

    [Fact]
    public void Three_runs_of_the_model_and_size_speak_instead_and_one_that_hung_does_not_count()
    {
        var runs = RecentRuns.Of([Run(2), Run(3), Run(600), Run(99, model: "c/d"), Run(77, side: 2048)], SampleGeneration.Noon);

        Assert.Equal(TimeSpan.FromSeconds(3), runs.Usual("a/b", 1024, 1024));
        Assert.Equal(TimeSpan.FromSeconds(3), runs.Usual("a/b", 512, 512));
        Assert.Null(runs.Usual("a/b", 2048, 2048));
        Assert.Null(runs.Usual("c/d", 1024, 1024));
    }

    [Fact]
    public void A_wait_is_the_jobs_before_it_at_the_pace_of_late()
    {
        // 20 jobs in 10 seconds: two per second.
        var runs = RecentRuns.Of([.. Enumerable.Range(0, 20).Select(number => Run(1, ago: number % 10 + 1))], SampleGeneration.Noon);

        Assert.Equal(2, runs.PerSecond, 3);
        Assert.Equal(1 + 50, EstimateRules.Seconds(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), 400, 8, Deadline));
    }

    [Fact]
    public void An_estimate_is_whole_positive_bounded_and_never_shorter_for_more_that_wait()
    {
        Property.Holds(2000, random =>
        {
            var (catalogue, longest) = (Time(random, 100), Time(random, 1000));
            TimeSpan? usual = random.Next(2) == 0 ? null : Time(random, 1000);
            var (waiting, pace) = (random.Next(10_000), random.Next(3) == 0 ? 0 : random.NextDouble() * 100);

            var seconds = EstimateRules.Seconds(catalogue, usual, waiting, pace, longest);

            Assert.InRange(seconds, 1, Math.Max(1, (int)Math.Ceiling(longest.TotalSeconds)));
            Assert.True(seconds <= EstimateRules.Seconds(catalogue, usual, waiting + random.Next(1000), pace, longest), "more wait, and it is sooner");
            Assert.True(seconds >= EstimateRules.Seconds(catalogue, usual, waiting, pace + random.NextDouble(), longest), "faster, and it is later");
            Assert.True(seconds >= Math.Min((usual ?? catalogue).TotalSeconds, longest.TotalSeconds), "shorter than the run itself");
        });
    }

    [Fact]
    public void What_is_usual_lies_between_the_shortest_and_the_longest_run()
    {
        Property.Holds(500, random =>
        {
            var runs = Enumerable.Range(0, random.Next(3, 60)).Select(_ => Run(random.NextDouble() * 100, ago: random.NextDouble() * 3600)).ToList();

            var recent = RecentRuns.Of(runs, SampleGeneration.Noon);

            Assert.InRange(recent.Usual("a/b", 1024, 1024)!.Value, runs.Min(run => run.Took), runs.Max(run => run.Took));
            Assert.InRange(recent.PerSecond, 0, runs.Count);
        });
    }

    private static TimeSpan Time(Random random, int longest) => TimeSpan.FromSeconds(random.NextDouble() * longest);

    private static RecentRun Run(double took, string model = "a/b", int side = 1024, double ago = 600) =>
        new(model, side, side, TimeSpan.FromSeconds(took), SampleGeneration.Noon.AddSeconds(-ago));
}
