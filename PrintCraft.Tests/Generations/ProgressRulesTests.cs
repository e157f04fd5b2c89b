using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class ProgressRulesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Using seed: 42")]
    [InlineData("50% of the memory is free")]
    [InlineData("%| |")]
    public void A_log_without_a_progress_line_says_nothing(string? logs) => Assert.Null(ProgressRules.FromLogs(logs));

    [Theory]
    [InlineData("  0%|          | 0/30 [00:00<?, ?it/s]", 50)]
    [InlineData(" 40%|████      | 12/30 [00:01<00:01, 11.2it/s]", 62)]
    [InlineData("100%|██████████| 30/30 [00:02<00:00, 11.9it/s]", 80)]
    [InlineData("999%|", 80)]
    public void A_progress_line_is_a_point_between_submitted_and_output(string logs, int progress) => Assert.Equal(progress, ProgressRules.FromLogs(logs));

    [Fact]
    public void The_last_progress_line_counts()
    {
        Assert.Equal(65, ProgressRules.FromLogs("Using seed: 42\n  0%|   | 0/4\r 25%|██  | 1/4\r 50%|█████ | 2/4\nsaving"));
    }

    [Fact]
    public void The_points_rise_to_100()
    {
        int[] points = [ProgressRules.Accepted, ProgressRules.Submitted, ProgressRules.Output, ProgressRules.Stored, ProgressRules.Done];

        Assert.Equal([10, 50, 80, 90, 100], points);
    }
}
