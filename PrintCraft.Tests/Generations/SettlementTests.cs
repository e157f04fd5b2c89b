using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class SettlementTests
{
    private static readonly (ImageStatus, string?) Made = (ImageStatus.Succeeded, null);
    private static readonly (ImageStatus, string?) Canceled = (ImageStatus.Canceled, null);

    [Fact]
    public void Nothing_is_settled_while_an_image_is_open()
    {
        foreach (var open in new[] { ImageStatus.Pending, ImageStatus.Submitting, ImageStatus.Submitted })
        {
            Assert.Null(Settlement.Of([Made, (open, null)], 4));
        }
    }

    [Fact]
    public void Each_stored_image_is_charged_and_every_other_is_refunded()
    {
        Assert.Equal(new Settlement(GenerationStatus.Succeeded, 8, 0, null), Settlement.Of([Made, Made], 4));
        Assert.Equal(new Settlement(GenerationStatus.Succeeded, 4, 8, null), Settlement.Of([Failed("timeout"), Made, Canceled], 4));
    }

    [Fact]
    public void Without_a_picture_nothing_is_charged_and_the_first_failure_is_told()
    {
        Assert.Equal(new Settlement(GenerationStatus.Failed, 0, 8, "timeout"), Settlement.Of([Failed("timeout"), Failed("model_failed")], 4));
        Assert.Equal(new Settlement(GenerationStatus.Canceled, 0, 8, null), Settlement.Of([Failed("timeout"), Canceled], 4));
    }

    [Fact]
    public Task Charged_and_refunded_are_always_the_whole_hold() => Infrastructure.Property.HoldsAsync(200, random =>
    {
        var images = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) switch { 0 => Made, 1 => Canceled, _ => Failed("x") }).ToList();
        var price = random.Next(1, 33);

        var settlement = Settlement.Of(images, price)!;

        Assert.Equal(images.Count * price, settlement.Charged + settlement.Refunded);
        Assert.Equal(images.Contains(Made), settlement.Charged > 0);
        Assert.Equal(images.Contains(Made), settlement.Status == GenerationStatus.Succeeded);
        return Task.CompletedTask;
    });

    private static (ImageStatus, string?) Failed(string code) => (ImageStatus.Failed, code);
}
