using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class StatusRulesTests
{
    [Fact]
    public void Three_statuses_of_a_generation_are_final()
    {
        Assert.Equal(
            [GenerationStatus.Succeeded, GenerationStatus.Failed, GenerationStatus.Canceled],
            Enum.GetValues<GenerationStatus>().Where(status => status.IsFinal()));
    }

    [Fact]
    public void Three_statuses_of_an_image_are_final()
    {
        Assert.Equal(
            [ImageStatus.Succeeded, ImageStatus.Failed, ImageStatus.Canceled],
            Enum.GetValues<ImageStatus>().Where(status => status.IsFinal()));
    }
}
