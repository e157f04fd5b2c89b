using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class RetryPlanTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 32)]
    [InlineData(6, 60)]
    [InlineData(int.MaxValue, 60)]
    public void The_wait_doubles_with_each_attempt_up_to_a_minute(int attempt, double longest)
    {
        Assert.Equal(TimeSpan.FromSeconds(longest / 2), RetryPlan.Delay(attempt, First, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(longest * 3 / 4), RetryPlan.Delay(attempt, First, null, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(longest), RetryPlan.Delay(attempt, First, null, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void An_attempt_before_the_first_waits_as_the_first(int attempt) => Assert.Equal(First, RetryPlan.Delay(attempt, First, null, 1));

    [Fact]
    public void A_first_wait_above_a_minute_is_a_minute()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), RetryPlan.Delay(1, TimeSpan.FromMinutes(5), null, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(600)]
    public void What_the_provider_asked_for_wins(int seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryPlan.Delay(1, First, TimeSpan.FromSeconds(seconds), 0.5));
    }

    [Fact]
    public void A_date_that_is_over_means_now()
    {
        Assert.Equal(TimeSpan.Zero, RetryPlan.Delay(3, First, TimeSpan.FromSeconds(-5), 0.5));
    }
}
