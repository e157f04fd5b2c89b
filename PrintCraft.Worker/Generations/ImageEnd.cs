using PrintCraft.Core.Generations;

namespace PrintCraft.Worker.Generations;

/// <summary>How an image ended.</summary>
internal sealed record ImageEnd(ImageStatus Status, string? ErrorCode, FetchResult? Result)
{
    public static ImageEnd Stored(FetchResult result) => new(ImageStatus.Succeeded, null, result);

    public static ImageEnd Failed(string code) => new(ImageStatus.Failed, code, null);

    public static readonly ImageEnd Canceled = new(ImageStatus.Canceled, null, null);
}

/// <summary>What became of a prediction's id when it was to be stored.</summary>
internal enum Adoption
{
    Adopted,
    Orphan,
    Taken,
}
