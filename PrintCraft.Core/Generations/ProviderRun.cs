namespace PrintCraft.Core.Generations;

/// <summary>A prediction that the provider ran for us, and has to be paid for, whether or not anybody got its picture.</summary>
public sealed class ProviderRun
{
    /// <summary>The provider's id; a second image cannot have it.</summary>
    public required string PredictionId { get; init; }

    public required Guid GenerationId { get; init; }

    public required int ImageIndex { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Nobody waited for it when it was found.</summary>
    public required bool IsOrphan { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
