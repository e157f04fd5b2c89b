using Xunit.Sdk;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>
/// A statement about every input, tried on many. FsCheck is not in the package feed, so the inputs are drawn by hand; a failure names the seed,
/// with which <c>PRINTCRAFT_PROPERTY_SEED</c> draws the same again.
/// </summary>
internal static class Property
{
    private static readonly int First = int.TryParse(Environment.GetEnvironmentVariable("PRINTCRAFT_PROPERTY_SEED"), null, out var seed) ? seed : Random.Shared.Next();

    public static void Holds(int times, Action<Random> statement)
    {
        for (var time = 0; time < times; time++)
        {
            var seed = unchecked(First + time);
            try
            {
                statement(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new XunitException($"With seed {seed}: {exception.Message}", exception);
            }
        }
    }

    public static async Task HoldsAsync(int times, Func<Random, Task> statement)
    {
        for (var time = 0; time < times; time++)
        {
            var seed = unchecked(First + time);
            try
            {
                await statement(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new XunitException($"With seed {seed}: {exception.Message}", exception);
            }
        }
    }

    public static T Of<T>(this Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>Up to so many characters, among them such as break things.</summary>
    public static string Text(this Random random, int longest) => string.Concat(Enumerable.Range(0, random.Next(longest + 1)).Select(_ => random.Next(4) switch
    {
        0 => (char)random.Next(0x20),
        1 => random.Of("\"\\;=,%{}' \u007f\u00e9\u4e2d".ToCharArray()),
        _ => (char)random.Next(0x20, 0x7f),
    }));
}
