using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.Tests.ReplicateSimulator;

public sealed class FaultScriptTests
{
    [Fact]
    public void Words_combine()
    {
        var script = FaultScriptReader.Read(" status=429 retry-after=date:2  times=3 get=500 get-times=1 ", out var error);

        Assert.Null(error);
        Assert.Equal(
            new FaultScript { Status = 429, RetryAfter = new(2, AsDate: true), Times = 3, Get = 500, GetTimes = 1 },
            script);
    }

    [Fact]
    public void Every_word_is_read()
    {
        const string Text = "reset accepted answer-after=0.5 slow=1 stuck=processing end=nsfw canary webhook=forged webhook-after=2 "
            + "webhook-copies=100 output=wrong-size output-times=2 output-lifetime=0 list-after=30";

        Assert.Equal(
            new FaultScript
            {
                Reset = true,
                Accepted = true,
                AnswerAfter = TimeSpan.FromSeconds(0.5),
                Slow = TimeSpan.FromSeconds(1),
                Stuck = PredictionStatus.Processing,
                End = RunEnd.Nsfw,
                Canary = true,
                Webhook = WebhookFault.Forged,
                WebhookAfter = TimeSpan.FromSeconds(2),
                WebhookCopies = 100,
                Output = OutputFault.WrongSize,
                OutputTimes = 2,
                OutputLifetime = TimeSpan.Zero,
                ListAfter = TimeSpan.FromSeconds(30),
            },
            FaultScriptReader.Read(Text, out _));
    }

    [Theory]
    [InlineData("sttus=429", "sttus")]
    [InlineData("status=418", "status=418")]
    [InlineData("status", "status")]
    [InlineData("status=4 29", "status=4")]
    [InlineData("reset=yes", "reset=yes")]
    [InlineData("stuck=succeeded", "stuck=succeeded")]
    [InlineData("output=wrongsize2", "output=wrongsize2")]
    [InlineData("output=3", "output=3")]
    [InlineData("slow=-1", "slow=-1")]
    [InlineData("slow=1e3", "slow=1e3")]
    [InlineData("slow=90000", "slow=90000")]
    [InlineData("webhook-copies=1001", "webhook-copies=1001")]
    [InlineData("times=0", "times=0")]
    [InlineData("status=500 reset", "exclude")]
    [InlineData("accepted", "needs")]
    public void What_is_not_understood_is_an_error(string text, string named)
    {
        Assert.Null(FaultScriptReader.Read(text, out var error));
        Assert.Contains(named, error);
    }

    [Theory]
    [InlineData("a lake", 0)]
    [InlineData("a [simple] lake", 0)]
    [InlineData("[sim: reset] a lake [sim:]", 2)]
    public void Tags_are_found_in_a_prompt(string prompt, int count) => Assert.Equal(count, FaultScriptReader.Tags(prompt).Count());

    [Fact]
    public void Chance_is_drawn_from_its_seed_and_comes_as_often_as_told()
    {
        bool[] Draw(int seed)
        {
            var rule = new FaultRule(1, "", FaultScript.None, null, 1, 0.25, seed, null);
            return [.. Enumerable.Range(0, 1000).Select(_ => rule.Hit("a", DateTime.MinValue))];
        }

        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));
        Assert.InRange(Draw(7).Count(hit => hit), 200, 300);
    }

    [Fact]
    public void A_rule_counts_what_matches_and_ends_in_time()
    {
        var script = FaultScript.None with { Times = 2 };
        var rule = new FaultRule(1, "", script, "Lake", 2, 1, 0, DateTime.MaxValue);

        string[] prompts = ["a lake", "a hill", "LAKE", "lake", "lake", "lake", "lake"];
        Assert.Equal([false, false, true, false, true, false, false], prompts.Select(prompt => rule.Hit(prompt, DateTime.MinValue)));
        Assert.Equal(2, rule.Hits);

        var late = new FaultRule(2, "", FaultScript.None, null, 1, 1, 0, DateTime.UnixEpoch);
        Assert.True(late.Hit("a", DateTime.UnixEpoch.AddSeconds(-1)));
        Assert.False(late.Hit("a", DateTime.UnixEpoch));
    }
}
