namespace PrintCraft.Core.Generations;

/// <summary>Where a generation stands. The last three are final. docs/generation-lifecycle.md draws the arrows.</summary>
public enum GenerationStatus
{
    /// <summary>Accepted and paid for (held); no worker has it yet.</summary>
    Pending,

    /// <summary>A worker has claimed it at least once.</summary>
    Processing,

    /// <summary>At least one image is stored and captured.</summary>
    Succeeded,

    /// <summary>No image could be made; nothing was charged.</summary>
    Failed,

    /// <summary>Ended by its owner; nothing was charged.</summary>
    Canceled,
}

/// <summary>Where one image of a generation stands. Each image is one prediction at the provider.</summary>
public enum ImageStatus
{
    /// <summary>To be submitted, at <see cref="GenerationImage.NotBefore"/> or later.</summary>
    Pending,

    /// <summary>The intent to submit is committed; whether the provider has it is unknown until its id is stored.</summary>
    Submitting,

    /// <summary>The provider's id is stored; the result is awaited.</summary>
    Submitted,

    /// <summary>The file is checked and stored.</summary>
    Succeeded,

    /// <summary>Given up; its share of the hold is released.</summary>
    Failed,

    /// <summary>Ended by the owner.</summary>
    Canceled,
}

public static class StatusRules
{
    /// <summary>Whether nothing will change any more.</summary>
    public static bool IsFinal(this GenerationStatus status) =>
        status is GenerationStatus.Succeeded or GenerationStatus.Failed or GenerationStatus.Canceled;

    /// <inheritdoc cref="IsFinal(GenerationStatus)"/>
    public static bool IsFinal(this ImageStatus status) =>
        status is ImageStatus.Succeeded or ImageStatus.Failed or ImageStatus.Canceled;
}
