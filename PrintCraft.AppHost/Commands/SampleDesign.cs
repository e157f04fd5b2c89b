using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Client;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>One design from order to picture, to see that it works and to look at its trace.</summary>
internal static class SampleDesign
{
    public const string User = "dev";

    private static readonly NewGeneration Order = new("a hot-air balloon over the sea", "watercolor", new NewGenerationOptions(Quality: "draft"));

    public static async Task<ExecuteCommandResult> MakeAsync(DevelopmentUsers users, ExecuteCommandContext context, CancellationToken cancellationToken)
    {
        var api = await users.ApiOfAsync(User, cancellationToken);
        var job = await api.CreateGenerationAsync(Order, cancellationToken);
        for (var shown = -1; !job.IsFinal; job = await api.GetGenerationAsync(job.Id, cancellationToken))
        {
            if (job.Progress != shown)
            {
                shown = job.Progress;
                context.Logger.Tell($"Sample design {job.Id}: {shown} %");
            }

            // Leaves the user, who may be in the studio meanwhile, most of his requests a minute.
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        }

        var trace = $"Trace {job.TraceId}{(DashboardAddress(context) is { } dashboard ? $": {dashboard}/traces/detail/{job.TraceId}" : "")}";
        return job.Status == GenerationStatus.Succeeded
            ? Done($"""
                {job.ImageUrl}

                Image of user {User}, generation {job.Id}.
                {trace}
                """)
            : CommandResults.Failure($"Generation {job.Id} ended as {job.Status}: {job.Error?.Code} {job.Error?.Message} Its credits are back. {trace}");
    }

    private static string? DashboardAddress(ExecuteCommandContext context) =>
        context.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } address ? address : null;
}
