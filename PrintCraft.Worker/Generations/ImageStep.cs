using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>What one look at an image came to: null when the image is final or no longer ours, else when to look again.</summary>
internal readonly record struct ImageStep(TimeSpan? Again)
{
    public static readonly ImageStep Over = new(null);

    public static ImageStep After(TimeSpan wait) => new(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
}

/// <summary>One image of a run. Rows as they were when the claim was taken.</summary>
/// <param name="ModelOrNone">The catalogue's entry; null when it no longer has the model that was sold.</param>
internal sealed record ImageWork(PreparedRun Run, GenerationImage Image, Model? ModelOrNone)
{
    public GenerationClaim Claim => Run.Claim;

    public Generation Generation => Run.Generation;

    public Model Model => ModelOrNone ?? throw new InvalidOperationException($"The catalogue has no {Generation.Model}.");
}
