using System.CommandLine;

namespace PrintCraft.Cli;

/// <summary>The examples that help shows. Tests run every one of them.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, IReadOnlyList<string>> All = new()
    {
        ["printcraft"] =
        [
            "printcraft doctor",
            "printcraft generate \"a fox in the snow\" --style watercolor --wait --out fox.png",
        ],
        ["generate"] =
        [
            "printcraft generate \"a fox in the snow\" --style watercolor --wait --out fox.png",
            "printcraft generate \"a lighthouse\" --quality draft --count 2 --seed 42 --max-credits 5 --out lighthouse.png",
            "printcraft generate \"a poster\" --width 768 --height 1024 --json",
        ],
        ["jobs"] =
        [
            "printcraft jobs",
            "printcraft jobs --status failed,canceled --limit 5",
            "printcraft jobs --q fox --json",
        ],
        ["jobs show"] = ["printcraft jobs show $ID"],
        ["jobs cancel"] = ["printcraft jobs cancel $ID"],
        ["jobs retry"] = ["printcraft jobs retry $ID"],
        ["jobs watch"] = ["printcraft jobs watch $ID --out picture.png", "printcraft jobs watch --json"],
        ["credits"] = ["printcraft credits"],
        ["credits ledger"] = ["printcraft credits ledger --limit 10"],
        ["keys"] = ["printcraft keys"],
        ["keys create"] =
        [
            "printcraft keys create --name laptop",
            "printcraft keys create --name ci --scope read --scope write --expires 2099-12-31",
        ],
        ["keys rotate"] = ["printcraft keys rotate $ID"],
        ["keys revoke"] = ["printcraft keys revoke $ID"],
        ["doctor"] = ["printcraft doctor", "printcraft doctor --json"],
    };

    public static IReadOnlyList<string> Of(Command command) => All.GetValueOrDefault(PathOf(command)) ?? [];

    /// <summary>The words that call it: of the program itself its name, of a command those after it.</summary>
    internal static string PathOf(Command command) => command switch
    {
        RootCommand => "printcraft",
        _ when command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent => $"{PathOf(parent)} {command.Name}",
        _ => command.Name,
    };
}
