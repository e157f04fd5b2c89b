using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Worker.Commands;

/// <summary>
/// `PrintCraft.Worker dead-letters list`, `… replay {id}` and `… replay all`: 0 when done, 1 when a letter could not be replayed, 2 when nothing could
/// be looked at, 64 when the words mean nothing.
/// </summary>
internal static class DeadLettersCommand
{
    private const int Usage = 64;
    private const int MaxLetters = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["list", .. var rest]:
                return await CommandHost.RunAsync(rest, (db, _) => ListAsync(db));
            case ["replay", "all", .. var rest]:
                return await CommandHost.RunAsync(rest, (db, services) => TellAsync(db.ReplayAllAsync(
                    Value<ModelCatalog>(services), Value<GenerationPolicy>(services), TimeProvider.System.GetUtcNow(), MaxLetters, CancellationToken.None)));
            case ["replay", var word, .. var rest] when Guid.TryParse(word, out var id):
                return await CommandHost.RunAsync(rest, async (db, services) => await TellAsync(Task.FromResult<IReadOnlyList<ReplayResult>>(
                    [await db.ReplayAsync(id, Value<ModelCatalog>(services), Value<GenerationPolicy>(services), TimeProvider.System.GetUtcNow(), CancellationToken.None)])));
            default:
                await Console.Error.WriteLineAsync("Usage: PrintCraft.Worker dead-letters list | replay <id> | replay all");
                return Usage;
        }
    }

    private static async Task<int> ListAsync(PrintCraftDb db)
    {
        var letters = await db.DeadLetters.AsNoTracking().Where(letter => letter.ReplayedAt == null).OrderBy(letter => letter.DiedAt).Take(MaxLetters).ToListAsync();
        foreach (var letter in letters)
        {
            Console.WriteLine($"{letter.Id}  {letter.DiedAt:u}  {letter.Queue}  {letter.Reason}  generation {letter.GenerationId?.ToString() ?? "unknown"}");
        }

        Console.WriteLine($"{letters.Count} dead letters were not replayed.");
        return 0;
    }

    private static async Task<int> TellAsync(Task<IReadOnlyList<ReplayResult>> replaying)
    {
        var results = await replaying;
        foreach (var result in results)
        {
            Console.WriteLine($"{result.LetterId}  {result.Outcome}{(result.GenerationId is { } id ? $"  generation {id}" : "")}{(result.Reason is { } reason ? $"  {reason}" : "")}");
        }

        var replayed = results.Count(result => result.IsReplayed);
        Console.WriteLine($"{replayed} of {results.Count} dead letters were replayed.");
        return replayed == results.Count ? 0 : 1;
    }

    private static T Value<T>(IServiceProvider services)
        where T : class => services.GetRequiredService<IOptions<T>>().Value;
}
