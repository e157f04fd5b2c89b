using System.Net;

using Microsoft.Extensions.Logging;

using PrintCraft.Client;

using Refit;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>Designs to look at, made as any other: ordered, queued, drawn, paid for.</summary>
internal static class DemoData
{
    public const string User = "demo";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly (string Prompt, string Style)[] Designs =
    [
        ("a lighthouse above a stormy sea at sunset", "watercolor"),
        ("a mountain lake in the first light", "watercolor"),
        ("a field of poppies", "watercolor"),
        ("a fox in a winter forest", "minimalist"),
        ("a sailing boat under the moon", "minimalist"),
        ("a lone tree on a hill", "minimalist"),
        ("an old harbour town in the rain", "photorealistic"),
        ("desert dunes under a clear night sky", "photorealistic"),
        ("a cat astronaut among the planets", "cartoon"),
        ("a robot that waters its garden", "cartoon"),
        ("waves of colour", "none"),
        ("a city of glass", "none"),
    ];

    public static int Count => Designs.Length;

    public static async Task<ExecuteCommandResult> SeedAsync(DevelopmentUsers users, ILogger logger, CancellationToken cancellationToken)
    {
        var api = await users.ApiOfAsync(User, cancellationToken);
        var (jobs, made) = await OrderAsync(api, cancellationToken);
        logger.Tell($"{made} designs ordered for user {User}.");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            jobs = await FinishAsync(api, jobs, logger, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Failure($"{made} designs of user {User} were ordered and are not all made after {Patience.TotalSeconds:0} s. Look at worker and replicate; they go on by themselves.");
        }

        var there = jobs.Count(job => job.Status == GenerationStatus.Succeeded);
        return there == Count ? Done($"{there} designs of user {User} are there, {made} made now.")
            : CommandResults.Failure($"{there} of {Count} designs of user {User} are there; the others ended with {string.Join(", ", jobs.Select(job => job.Error?.Code).OfType<string>().Distinct())}. "
                + "Run it again to order them anew.");
    }

    /// <summary>
    /// Orders what is missing. A key per design holds a second order back while the first is not in the list yet; a design that failed has another one, and
    /// so has one that was deleted since its order, whose key still answers with it.
    /// </summary>
    private static async Task<(List<Generation> Jobs, int Made)> OrderAsync(IPrintCraftApi api, CancellationToken cancellationToken)
    {
        var known = (await api.ListGenerationsAsync(100, null, cancellationToken)).Data;
        var (jobs, made) = (new List<Generation>(), 0);
        foreach (var (number, (prompt, style)) in Designs.Index())
        {
            var same = known.Where(job => (job.Prompt, job.Style) == (prompt, style)).ToList();
            var job = same.Find(job => job.Status is not (GenerationStatus.Failed or GenerationStatus.Canceled));
            if (job is null)
            {
                made++;
                var (order, key) = (new NewGeneration(prompt, style, new NewGenerationOptions(Quality: "draft", Seed: number)), $"demo-{number}-{same.Count}");
                job = await api.CreateGenerationOnceAsync(order, key, prefer: null, cancellationToken);
                job = await IsDeletedAsync(api, job, cancellationToken) ? await api.CreateGenerationOnceAsync(order, $"{key}-{Guid.CreateVersion7()}", prefer: null, cancellationToken) : job;
            }

            jobs.Add(job);
        }

        return (jobs, made);
    }

    private static async Task<bool> IsDeletedAsync(IPrintCraftApi api, Generation job, CancellationToken cancellationToken)
    {
        try
        {
            await api.GetGenerationAsync(job.Id, cancellationToken);
            return false;
        }
        catch (ApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return true;
        }
    }

    private static async Task<List<Generation>> FinishAsync(IPrintCraftApi api, List<Generation> jobs, ILogger logger, CancellationToken cancellationToken)
    {
        for (var open = jobs.Count; jobs.Any(job => !job.IsFinal);)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            var now = (await api.ListGenerationsAsync(100, null, cancellationToken)).Data.ToDictionary(job => job.Id);
            jobs = jobs.ConvertAll(job => now.GetValueOrDefault(job.Id, job));
            if (jobs.Count(job => !job.IsFinal) is var left && left != open)
            {
                open = left;
                logger.Tell($"{open} of {jobs.Count} designs are still to come.");
            }
        }

        return jobs;
    }
}
