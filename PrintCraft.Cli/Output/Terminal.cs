using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using PrintCraft.Client;

using Spectre.Console;

namespace PrintCraft.Cli.Output;

/// <summary>
/// Results go to standard output, everything else to standard error. People at a terminal get tables and colours; a pipe gets plain lines with tabs
/// between the columns; --json gets JSON and nothing else.
/// </summary>
internal sealed class Terminal(bool json)
{
    /// <summary>For a terminal or a file, not for a page: only what JSON itself needs is escaped, and control characters.</summary>
    private static readonly JsonSerializerOptions Documents = new(PrintCraftClient.Json) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private IAnsiConsole? _errors;

    public bool Json => json;

    /// <summary>Whether a person looks at the results.</summary>
    public static bool IsSeen => !Console.IsOutputRedirected;

    /// <summary>Whether a bar may be drawn: standard error is a terminal that can.</summary>
    public bool CanDraw => !Console.IsErrorRedirected && Errors.Profile.Capabilities is { Interactive: true, Ansi: true };

    /// <summary>Where progress is drawn. Made when it is needed, since it asks the terminal what it can.</summary>
    public IAnsiConsole Errors => _errors ??= AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    /// <summary>A line of the result.</summary>
    public static void Line(string text) => Console.Out.WriteLine(PlainText.Of(text));

    /// <summary>Something to know about the result.</summary>
    public static void Note(string text) => Console.Error.WriteLine(PlainText.Of(text));

    /// <summary>The result or one of many, for programs: a line of JSON, at once.</summary>
    public static void Document<T>(T result)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(result, Documents));
        Console.Out.Flush();
    }

    /// <summary>Rows: a table for people, columns with tabs between and no head for programs.</summary>
    public static void Rows(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (!IsSeen)
        {
            foreach (var row in rows)
            {
                Console.Out.WriteLine(string.Join('\t', row.Select(PlainText.Of)));
            }

            return;
        }

        var table = new Table { Border = TableBorder.None }.AddColumns([.. head.Select(name => new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))))]);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(PlainText.Of(cell))));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);
    }

    /// <summary>Tells why it did not work, for people or programs, and answers the exit code.</summary>
    public Exit Fail(Failure failure)
    {
        foreach (var line in FailureText.Lines(failure))
        {
            Note(line);
        }

        if (json)
        {
            Document(FailureText.Document(failure));
        }

        return failure.Exit;
    }

    /// <summary>A result with members added to it.</summary>
    public static JsonObject With<T>(T result, string name, object? value)
    {
        var node = JsonSerializer.SerializeToNode(result, PrintCraftClient.Json)!.AsObject();
        node[name] = JsonSerializer.SerializeToNode(value, PrintCraftClient.Json);
        return node;
    }
}
