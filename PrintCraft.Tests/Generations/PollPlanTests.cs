using PrintCraft.Worker.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class PollPlanTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 2)]
    [InlineData(5, 1.25)]
    [InlineData(4.5, 0.5)]
    [InlineData(6, 1.5)]
    [InlineData(10, 2.5)]
    [InlineData(20, 5)]
    [InlineData(600, 5)]
    public void The_first_poll_is_at_a_quarter_of_the_estimate_and_the_pauses_grow_to_the_longest(double ran, double next)
    {
        Assert.Equal(TimeSpan.FromSeconds(next), Next(ran, estimate: 20));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3.9)]
    public void No_pause_is_shorter_than_the_shortest(double ran)
    {
        Assert.Equal(TimeSpan.FromSeconds(1), Next(ran, estimate: 0));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-3600)]
    public void A_clock_that_is_behind_the_databases_does_not_put_the_first_poll_off(double ran)
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Next(ran, estimate: 20));
    }

    private static TimeSpan Next(double ran, double estimate) =>
        PollPlan.Next(TimeSpan.FromSeconds(ran), TimeSpan.FromSeconds(estimate), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
}
