using System.CommandLine;

using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Images;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.Generations;

/// <summary>`printcraft generate "…"`: orders images, once however often the line breaks, and waits for them if asked to.</summary>
internal static class GenerateCommand
{
    private static readonly Argument<string> Prompt = new("prompt") { Description = "What to draw, 1 to 2,000 characters." };
    private static readonly Option<string?> Style = new("--style") { Description = "none, minimalist, watercolor, photorealistic or cartoon.", HelpName = "style" };
    private static readonly Option<string?> Quality = new("--quality") { Description = "draft, standard or high.", HelpName = "quality" };
    private static readonly Option<int?> Width = Numbers.Whole("--width", "256 to 2048 pixels, a multiple of 8.");
    private static readonly Option<int?> Height = Numbers.Whole("--height", "256 to 2048 pixels, a multiple of 8.");
    private static readonly Option<int?> Count = Numbers.Whole("--count", "1 to 4 images.");
    private static readonly Option<long?> Seed = Numbers.Long("--seed", "The same seed and order give the same picture.");
    private static readonly Option<string?> NegativePrompt = new("--negative-prompt") { Description = "What must not be in it.", HelpName = "text" };
    private static readonly Option<int?> MaxCredits = Numbers.Whole("--max-credits", "Refuse instead of paying more.");
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the end, with progress on standard error." };
    private static readonly Option<string?> Key = new("--idempotency-key") { Description = "Makes repeated calls one order; otherwise each call has its own.", HelpName = "key" };
    private static readonly Option<bool> CancelOnInterrupt = new("--cancel-on-interrupt") { Description = "Ctrl+C cancels the job too." };

    public static Command Build()
    {
        Style.CompletionSources.Add("none", "minimalist", "watercolor", "photorealistic", "cartoon");
        Quality.CompletionSources.Add("draft", "standard", "high");
        var command = new Command("generate", "Order images. Prints the job's id; with --wait the images' addresses, with --out the files.")
        {
            Prompt, Style, Quality, Width, Height, Count, Seed, NegativePrompt, MaxCredits, Wait, OutOptions.Out, OutOptions.Force, CancelOnInterrupt, Key,
        };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<Exit> RunAsync(Session session, CancellationToken cancellationToken)
    {
        var words = session.Words;
        var file = OutOptions.Read(words);
        if (file?.Obstacle(Math.Clamp(words.GetValue(Count) ?? 1, 1, 4)) is { } obstacle)
        {
            throw new CommandFailedException(obstacle);
        }

        var job = await OrderAsync(session, words.GetValue(Key) ?? Guid.NewGuid().ToString(), cancellationToken);
        Terminal.Note($"Ordered {job.Id}: {job.Credits.Held} credits held, about {job.EstimatedTime} s.");
        if (words.GetValue(Wait) || file is not null)
        {
            return await new AwaitJob(session, file).RunAsync(job, words.GetValue(CancelOnInterrupt), seen: _ => { }, cancellationToken);
        }

        if (session.Terminal.Json)
        {
            Terminal.Document(job);
        }
        else
        {
            Terminal.Note($"Follow it: printcraft jobs watch {job.Id}");
            Terminal.Line(job.Id.ToString());
        }

        return Exit.Done;
    }

    private static async Task<Generation> OrderAsync(Session session, string key, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Api.CreateGenerationOnceAsync(Order(session.Words), key, prefer: null, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(new Failure(
                Exit.Interrupted, "interrupted", "Interrupted while ordering: the order may have arrived.", "See whether it did: printcraft jobs --limit 1"));
        }
        catch (Exception exception) when (Failures.Of(exception, session.Connection.Address) is { Exit: Exit.Unavailable } failure)
        {
            // The answer may be lost and the order not: with the same key it stays one.
            throw new CommandFailedException(failure with { Advice = $"{failure.Advice} The same command with --idempotency-key {key} orders nothing twice." }, exception);
        }
    }

    private static NewGeneration Order(ParseResult words) => new(
        words.GetValue(Prompt)!,
        words.GetValue(Style),
        new NewGenerationOptions(words.GetValue(Quality), words.GetValue(Width), words.GetValue(Height), words.GetValue(Seed), words.GetValue(Count)),
        words.GetValue(NegativePrompt),
        MaxCredits: words.GetValue(MaxCredits));
}
