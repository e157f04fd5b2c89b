using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace PrintCraft.Cli;

/// <summary>Options that take a number, and say so when they get something else. What a number may be the API says.</summary>
internal static class Numbers
{
    public static Option<int?> Whole(string name, string description) => Of<int>(name, description);

    public static Option<long?> Long(string name, string description) => Of<long>(name, description);

    private static Option<T?> Of<T>(string name, string description)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "n",
            CustomParser = Read<T>,
        };

    private static T? Read<T>(ArgumentResult result)
        where T : struct, INumber<T>
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} must be a whole number, not '{text}'.");
        return null;
    }
}
