using System.CommandLine;

namespace PrintCraft.Cli.Images;

/// <summary>Options of the commands that write images.</summary>
internal static class OutOptions
{
    public static readonly Option<string?> Out = new("--out")
    {
        Description = "Wait, and write the image there; several as x-0.png, x-1.png, … What is there already stays.",
        HelpName = "x.png",
    };

    public static readonly Option<bool> Force = new("--force") { Description = "Replace files that are there." };

    public static ImageFile? Read(ParseResult words) => words.GetValue(Out) is { } path ? new ImageFile(path, words.GetValue(Force)) : null;
}
