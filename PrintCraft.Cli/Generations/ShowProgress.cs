using PrintCraft.Cli.Output;

using Spectre.Console;

namespace PrintCraft.Cli.Generations;

/// <summary>Progress on standard error: a bar at a terminal, otherwise a line for each step.</summary>
internal static class ShowProgress
{
    public static async Task ShowAsync(Terminal terminal, string title, IAsyncEnumerable<Sight> sights, Action<Sight> seen, CancellationToken cancellationToken)
    {
        if (terminal.CanDraw)
        {
            await DrawAsync(terminal.Errors, title, sights, seen, cancellationToken);
            return;
        }

        var last = "";
        await foreach (var sight in sights.WithCancellation(cancellationToken))
        {
            seen(sight);
            if ($"{sight.Progress,3} %  {sight.What}" is var line && line != last)
            {
                Terminal.Note(last = line);
            }
        }
    }

    private static Task DrawAsync(IAnsiConsole console, string title, IAsyncEnumerable<Sight> sights, Action<Sight> seen, CancellationToken cancellationToken) => console
        .Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(new SpinnerColumn(), new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(async bars =>
        {
            var bar = bars.AddTask(Label(title, "…"));
            await foreach (var sight in sights.WithCancellation(cancellationToken))
            {
                seen(sight);
                bar.Value = sight.Progress;
                bar.Description = Label(title, sight.What);
            }
        });

    private static string Label(string title, string step) => Markup.Escape($"{PlainText.Of(PlainText.Short(title, 40))}  {step}");
}
