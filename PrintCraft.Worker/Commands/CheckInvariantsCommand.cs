using PrintCraft.Core.Data;
using PrintCraft.Core.Invariants;

namespace PrintCraft.Worker.Commands;

/// <summary>`PrintCraft.Worker check-invariants`: 0 when everything holds, 1 with one line per break, 2 when it could not look.</summary>
internal static class CheckInvariantsCommand
{
    public static Task<int> RunAsync(string[] args) => CommandHost.RunAsync(args, async (db, services) =>
    {
        if (CommandHost.FindStore(services) is not { } store)
        {
            return CommandHost.NotPossible;
        }

        var breaks = await InvariantCheck.RunAsync(await db.OpenAsync(CancellationToken.None), store, newest: null, CancellationToken.None);
        foreach (var found in breaks)
        {
            Console.WriteLine(found);
        }

        Console.WriteLine(breaks.Count == 0 ? "Every invariant holds." : $"{breaks.Count} breaks.");
        return breaks.Count == 0 ? 0 : 1;
    });
}
