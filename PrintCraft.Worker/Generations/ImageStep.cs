using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>What one look at an image came to: null when the image is final or no longer ours, else when to look again.</summary>
internal readonly record struct ImageStep(TimeSpan? Again)
{
    public static readonly ImageStep Over = new(null);

    public static ImageStep After(TimeSpan wait) => new(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
}

/// <summary>One image, with what its steps need to know of its generation. Rows as they were when the claim was taken.</summary>
internal sealed record ImageWork(GenerationClaim Claim, Generation Generation, GenerationImage Image, Model Model);
