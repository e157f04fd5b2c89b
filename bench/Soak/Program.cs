using System.Globalization;

using PrintCraft.Soak;

// dotnet run --project bench/Soak -- --jobs 10000 --seed 1
// Orders so many jobs while everything breaks at random, and counts what became of them. Exit code 1 when one was lost, doubled or charged twice.
var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : "");
var unknown = options.Keys.Except(["--jobs", "--seed", "--open"]).ToList();
if (unknown.Count > 0 || options.Values.Any(value => !int.TryParse(value, CultureInfo.InvariantCulture, out var number) || number < 1))
{
    Console.Error.WriteLine("Usage: dotnet run --project bench/Soak -- [--jobs 10000] [--seed N] [--open 400]");
    return 2;
}

int Option(string name, int otherwise) => options.TryGetValue(name, out var value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

return await Soak.RunAsync(Option("--jobs", 10_000), Option("--seed", Random.Shared.Next(1, 1_000_000)), Option("--open", 400)) ? 0 : 1;
