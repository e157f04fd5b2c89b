using System.CommandLine;
using System.CommandLine.Parsing;

namespace PrintCraft.Cli;

/// <summary>Arguments that are ids, and say so when they are not.</summary>
internal static class Ids
{
    public static Argument<Guid> Of(string description) => new("id") { Description = description, CustomParser = result => Read(result) ?? Guid.Empty };

    public static Argument<Guid?> Optional(string description) => new("id") { Description = description, Arity = ArgumentArity.ZeroOrOne, CustomParser = Read };

    private static Guid? Read(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
        {
            return null;
        }

        if (Guid.TryParse(result.Tokens[0].Value, out var id))
        {
            return id;
        }

        result.AddError($"'{result.Tokens[0].Value}' is no id; one looks like 019a8f2e-6c1b-7d40-9e52-0b6f1c2d3e4f.");
        return null;
    }
}
