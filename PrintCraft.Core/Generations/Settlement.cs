namespace PrintCraft.Core.Generations;

/// <summary>How a job ends, and what becomes of its hold: charged and refunded together are the whole of it.</summary>
/// <param name="ErrorCode">Of a failed job: that of its first image.</param>
public sealed record Settlement(GenerationStatus Status, int Charged, int Refunded, string? ErrorCode)
{
    /// <summary>
    /// Null while an image is open. Each stored image is charged and every other refunded; one stored image makes the job a success, else one cancelled
    /// image makes it cancelled.
    /// </summary>
    public static Settlement? Of(IReadOnlyList<(ImageStatus Status, string? ErrorCode)> images, int creditsPerImage)
    {
        if (!images.All(image => image.Status.IsFinal()))
        {
            return null;
        }

        var made = images.Count(image => image.Status == ImageStatus.Succeeded);
        var status = made > 0 ? GenerationStatus.Succeeded
            : images.Any(image => image.Status == ImageStatus.Canceled) ? GenerationStatus.Canceled
            : GenerationStatus.Failed;
        return new Settlement(status, made * creditsPerImage, (images.Count - made) * creditsPerImage, status == GenerationStatus.Failed ? images[0].ErrorCode : null);
    }
}
