using System.CommandLine;

using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli;

/// <summary>Lists come in pages: how many, and from where.</summary>
internal static class Paging
{
    public static readonly Option<int?> Limit = Numbers.Whole("--limit", "1 to 100; 20 unless said.");

    public static readonly Option<string?> Cursor = new("--cursor") { Description = "The next page: the cursor that the last one ended with.", HelpName = "cursor" };

    /// <summary>Shows a page, and how to get the next one.</summary>
    /// <param name="command">That lists them.</param>
    public static Exit Tell<T>(Terminal terminal, Feed<T> page, string command, IReadOnlyList<string> head, Func<T, IReadOnlyList<string>> row)
    {
        if (terminal.Json)
        {
            Terminal.Document(page);
            return Exit.Done;
        }

        Terminal.Rows(head, page.Data.Select(row));
        if (page.Data.Count == 0)
        {
            Terminal.Note("None.");
        }

        if (page.Pagination.NextCursor is { } cursor)
        {
            Terminal.Note($"More: printcraft {command} --cursor {cursor}");
        }

        return Exit.Done;
    }
}
