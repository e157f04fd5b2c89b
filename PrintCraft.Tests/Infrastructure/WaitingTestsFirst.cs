using Xunit.Abstractions;

[assembly: TestCollectionOrderer("PrintCraft.Tests.Infrastructure.WaitingTestsFirst", "PrintCraft.Tests")]

namespace PrintCraft.Tests.Infrastructure;

/// <summary>
/// Tests of faults and of whole runs wait most of their time, for leases, deadlines and servers, and few of them run at a time: begun last they would leave
/// the machine idle for minutes. So every third class is one of them until there are no more.
/// </summary>
public sealed class WaitingTestsFirst : ITestCollectionOrderer
{
    private static readonly string[] Folders = ["Operations", "Faults", "Chaos"];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections)
    {
        var all = testCollections.ToList();
        var waiting = new Queue<ITestCollection>(all.Where(Waits));
        var place = 0;
        foreach (var other in all.Where(collection => !Waits(collection)))
        {
            if (place++ % 2 == 0 && waiting.TryDequeue(out var next))
            {
                yield return next;
            }

            yield return other;
        }

        foreach (var left in waiting)
        {
            yield return left;
        }
    }

    private static bool Waits(ITestCollection collection) =>
        Folders.Any(folder => collection.DisplayName.Contains($"PrintCraft.Tests.{folder}.", StringComparison.Ordinal));
}
