using PrintCraft.Worker.Generations;

namespace PrintCraft.Tests.Generations;

public sealed class RecentIdsTests
{
    [Fact]
    public void An_id_is_remembered_until_it_is_asked_for()
    {
        var (ids, one) = (new RecentIds(), Guid.NewGuid());
        ids.Add([one, Guid.NewGuid()]);

        Assert.Equal((true, false, false), (ids.Remove(one), ids.Remove(one), ids.Remove(Guid.NewGuid())));
    }

    [Fact]
    public void Of_many_that_nobody_asked_for_the_oldest_are_forgotten()
    {
        var (ids, old, young) = (new RecentIds(), Guid.NewGuid(), Guid.NewGuid());
        ids.Add([old]);
        ids.Add([.. Enumerable.Range(0, 1023).Select(_ => Guid.NewGuid()), young]);

        Assert.Equal((false, true), (ids.Remove(old), ids.Remove(young)));
    }
}
