namespace PrintCraft.Client;

/// <summary>Where an upload stands.</summary>
public enum UploadStatus
{
    /// <summary>For its file, or to be finalized.</summary>
    Waiting,

    /// <summary>For use.</summary>
    Ready,
}

/// <summary>A picture of yours, to start generations from. What is kept is a new picture made of the file.</summary>
/// <param name="Image">Null until it is ready.</param>
/// <param name="UploadUrl">PUT the file there, with its Content-Type; null once it is ready.</param>
/// <param name="ExpiresAt">Until when it can be used.</param>
public sealed record Upload(
    Guid Id,
    UploadStatus Status,
    UploadedFile File,
    UploadedImage? Image,
    string? UploadUrl,
    DateTimeOffset? UploadUrlExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    UploadLinks Links);

/// <summary>The file as it was promised or came.</summary>
/// <param name="Sha256">Lower-case hex; null until it came and was checked.</param>
public sealed record UploadedFile(string ContentType, long Bytes, string? Sha256);

/// <param name="Url">Signed; works for some minutes.</param>
public sealed record UploadedImage(string Url, string ContentType, int Width, int Height, long Bytes, string Sha256);

public sealed record UploadLinks(string Self, string Finalize);

/// <param name="ContentType">image/png, image/jpeg or image/webp.</param>
/// <param name="Bytes">Of the file, exactly.</param>
public sealed record NewDirectUpload(string ContentType, long Bytes);

/// <param name="Sha256">Of the file that was put, 64 hex digits.</param>
public sealed record UploadChecksum(string Sha256);
