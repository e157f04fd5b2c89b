using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>An upload. What is kept is a new picture made of the file: upright, sRGB, without metadata.</summary>
/// <param name="Status">waiting for its file, or ready.</param>
/// <param name="File">The file as it was promised or came.</param>
/// <param name="Image">The picture that is kept; null until it is ready.</param>
/// <param name="UploadUrl">PUT the file there, with its Content-Type; null once it is ready.</param>
/// <param name="UploadUrlExpiresAt">Until when that address works.</param>
/// <param name="ExpiresAt">Until when it can be used for generations; then it is removed.</param>
public sealed record UploadResource(
    Guid Id,
    UploadStatus Status,
    UploadFile File,
    UploadImage? Image,
    string? UploadUrl,
    DateTimeOffset? UploadUrlExpiresAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    UploadLinks Links);

/// <param name="Sha256">Lower-case hex; null until it came and was checked.</param>
public sealed record UploadFile(string ContentType, long Bytes, string? Sha256);

/// <param name="Url">Signed; works for some minutes.</param>
/// <param name="Sha256">Of the file at that address, lower-case hex.</param>
public sealed record UploadImage(string Url, string ContentType, int Width, int Height, long Bytes, string Sha256);

/// <param name="Finalize">POST there when the file was put.</param>
public sealed record UploadLinks(string Self, string Finalize)
{
    public static UploadLinks To(Guid id) => new($"/api/v1/uploads/{id}", $"/api/v1/uploads/{id}/finalize");
}
