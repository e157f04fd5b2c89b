using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Generations;

/// <summary>Generations as rows, for tests of what is made from them.</summary>
internal static class SampleGeneration
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static Generation Accepted(
        Quality quality = Quality.Standard,
        int width = 1024,
        int height = 1024,
        string prompt = "a red fox",
        string negativePrompt = "hands",
        string style = Styles.None,
        GenerationStatus status = GenerationStatus.Pending,
        string? errorCode = null,
        string? traceParent = null,
        DateTimeOffset? startedAt = null,
        DateTimeOffset? completedAt = null,
        IEnumerable<GenerationImage>? images = null) => new()
        {
            Id = new Guid("01990000-0000-7000-8000-000000000001"),
            UserId = new Guid("01990000-0000-7000-8000-000000000002"),
            Status = status,
            Progress = 10,
            Prompt = prompt,
            NegativePrompt = negativePrompt,
            Style = style,
            Quality = quality,
            Width = width,
            Height = height,
            Seed = 42,
            Count = 2,
            OutputFormat = "png",
            Model = new ModelCatalog().For(quality).FullName,
            CreditsPerImage = 4,
            ErrorCode = errorCode,
            EstimatedTime = 15,
            TraceParent = traceParent,
            CreatedAt = Noon,
            StartedAt = startedAt,
            CompletedAt = completedAt,
            Deadline = Noon.AddMinutes(15),
            Images = [.. images ?? [Image(0, ImageStatus.Pending), Image(1, ImageStatus.Pending)]],
        };

    public static GenerationImage Image(int index, ImageStatus status, int attempt = 0) => new()
    {
        GenerationId = new Guid("01990000-0000-7000-8000-000000000001"),
        Index = index,
        Seed = 42 + index,
        Status = status,
        Attempt = attempt,
        StorageKey = status == ImageStatus.Succeeded ? $"generations/user/job/{index}-hash.png" : null,
        Sha256 = status == ImageStatus.Succeeded ? $"hash{index}" : null,
        Bytes = status == ImageStatus.Succeeded ? 1000 + index : null,
        Width = status == ImageStatus.Succeeded ? 1024 : null,
        Height = status == ImageStatus.Succeeded ? 1024 : null,
    };
}
