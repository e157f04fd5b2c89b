using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>A claimed generation, with the images whose intent to submit this claim committed: they, and only they, may be submitted.</summary>
/// <param name="Now">By the database's clock, like everything it is compared with.</param>
/// <param name="ClaimedAt">Monotonic, for <see cref="TimeProvider.GetElapsedTime(long)"/>.</param>
internal sealed record PreparedRun(GenerationClaim Claim, Generation Generation, IReadOnlySet<int> ToSubmit, DateTimeOffset Now, long ClaimedAt)
{
    private readonly Dictionary<int, (ImageStatus Status, string? ErrorCode)> _states =
        Generation.Images.ToDictionary(image => image.Index, image => (image.Status, image.ErrorCode));

    /// <summary>One image ends at a time: the last one settles the job, and exactly one is the last.</summary>
    public SemaphoreSlim Ending { get; } = new(1);

    /// <summary>The job is final: there is no claim to give back.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>How the job ends if this image ends so; null while others go on.</summary>
    public Settlement? SettlementWith(int index, ImageStatus status, string? errorCode) =>
        Settlement.Of([.. _states.OrderBy(state => state.Key).Select(state => state.Key == index ? (status, errorCode) : state.Value)], Generation.CreditsPerImage);

    /// <summary>The image has ended so, and the job with it if <paramref name="settled"/>.</summary>
    public void Ended(int index, ImageStatus status, string? errorCode, bool settled)
    {
        _states[index] = (status, errorCode);
        IsSettled |= settled;
    }
}
