using System.Globalization;

using PrintCraft.Client;

namespace PrintCraft.Cli.Generations;

/// <summary>Jobs in words.</summary>
internal static class JobText
{
    public static readonly IReadOnlyList<string> Head = ["ID", "STATUS", "CREDITS", "CREATED", "STYLE", "QUALITY", "IMAGES", "PROMPT"];

    private const int PromptLength = 60;

    public static string StatusOf(GenerationStatus status) => status switch
    {
        GenerationStatus.Pending => "pending",
        GenerationStatus.Processing => "processing",
        GenerationStatus.Succeeded => "succeeded",
        GenerationStatus.Failed => "failed",
        GenerationStatus.Canceled => "canceled",
    };

    public static IReadOnlyList<string> Row(Generation job) =>
    [
        job.Id.ToString(),
        job.IsFinal ? StatusOf(job.Status) : $"{StatusOf(job.Status)} {job.Progress} %",
        CreditsOf(job).ToString(CultureInfo.InvariantCulture),
        job.CreatedAt.ToString("u", CultureInfo.InvariantCulture),
        job.Style,
        job.Options.Quality,
        string.Create(CultureInfo.InvariantCulture, $"{job.Images.Count}/{job.Options.Count}"),
        Output.PlainText.Short(job.Prompt, PromptLength),
    ];

    /// <summary>One job, a line each for what a person wants to know.</summary>
    public static IEnumerable<string> Lines(Generation job)
    {
        yield return $"Job       {job.Id}";
        yield return $"Status    {StatusOf(job.Status)}{(job.IsFinal ? "" : $", {job.Progress} %")}{(job.QueuePosition is { } place ? $", place {place} in the queue" : "")}";
        yield return $"Prompt    {job.Prompt}";
        yield return $"Options   {job.Style}, {job.Options.Quality}, {job.Options.Width}x{job.Options.Height}, {job.Options.Count} image(s), seed {job.Options.Seed}";
        yield return $"Credits   {job.Credits.Held} held, {job.Credits.Charged} charged, {job.Credits.Refunded} given back";
        if (job.Error is { } error)
        {
            yield return $"Error     {error.Message} ({error.Code})";
        }

        yield return string.Create(CultureInfo.InvariantCulture, $"Created   {job.CreatedAt:u}{(job.CompletedAt is { } end ? $", ended {end:u}" : "")}");
        foreach (var image in job.Images)
        {
            yield return $"Image {image.Index}   {image.Url}";
        }

        if (job.TraceId is { } trace)
        {
            yield return $"Trace     {trace}";
        }
    }

    /// <summary>How it ended, in one sentence.</summary>
    public static string Ending(Generation job) => job.Status switch
    {
        GenerationStatus.Succeeded => string.Create(
            CultureInfo.InvariantCulture,
            $"Succeeded: {job.Images.Count} of {job.Options.Count} image(s), {job.Credits.Charged} credits charged{(job.Credits.Refunded > 0 ? $", {job.Credits.Refunded} given back" : "")}, {job.Metadata.ProcessingTime:0.#} s."),
        GenerationStatus.Failed => $"{job.Error?.Message ?? "The job failed."} {job.Credits.Refunded} credits were given back.",
        GenerationStatus.Canceled => $"The job was cancelled. {job.Credits.Refunded} credits were given back.",
        GenerationStatus.Pending or GenerationStatus.Processing => $"The job is {StatusOf(job.Status)}.",
    };

    private static int CreditsOf(Generation job) => job.IsFinal ? job.Credits.Charged : job.Credits.Held;
}
