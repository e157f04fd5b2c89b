using System.Diagnostics;

using PrintCraft.Core.Generations;
using PrintCraft.Worker.Generations;

namespace PrintCraft.Worker.Telemetry;

/// <summary>Spans of the work on a generation, in the trace of the request that created it. Prompts are never in them.</summary>
internal static class GenerationTelemetry
{
    private static readonly ActivitySource Source = new("PrintCraft.Generations");

    /// <summary>One look at a generation.</summary>
    public static Activity? StartRun(Generation generation)
    {
        ActivityContext.TryParse(generation.TraceParent, null, isRemote: true, out var parent);
        // A message's span is the nearer parent when it is of the same trace; a poll has none.
        var nearer = Activity.Current is { } current && current.TraceId == parent.TraceId ? current.Context : parent;
        var activity = Source.StartActivity(ActivityKind.Internal, nearer, name: "run generation");
        activity?.SetTag("printcraft.generation.id", generation.Id);
        return activity;
    }

    /// <summary>The call that buys an image; names as OpenTelemetry's generative AI conventions have them.</summary>
    public static Activity? StartProviderCall(ImageWork work)
    {
        var activity = Source.StartActivity($"generate_content {work.Model.FullName}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "generate_content");
        activity?.SetTag("gen_ai.provider.name", "replicate");
        activity?.SetTag("gen_ai.request.model", work.Model.FullName);
        activity?.SetTag("gen_ai.request.seed", work.Image.Seed);
        activity?.SetTag("gen_ai.output.type", "image");
        return activity;
    }
}
