using Refit;

namespace PrintCraft.Client;

// Pictures to begin with.
public partial interface IPrintCraftApi
{
    /// <summary>
    /// Sends a picture (PNG, JPEG or WebP, with its Content-Type) to start generations from. Errors: invalid_request 400, conflict 409 when there are too many,
    /// payload_too_large 413, unsupported_media_type 415.
    /// </summary>
    [Post("/api/v1/uploads")]
    Task<Upload> CreateUploadAsync([Body] HttpContent file, CancellationToken cancellationToken);

    /// <summary>Gets an address to PUT a picture to. Errors: invalid_request 400, conflict 409 when there are too many.</summary>
    [Post("/api/v1/uploads/direct")]
    Task<Upload> CreateDirectUploadAsync([Body] NewDirectUpload upload, CancellationToken cancellationToken);

    /// <summary>Has the file looked at that was put. Errors: invalid_request 400 for another checksum or a file that cannot be used, conflict 409 when none was put.</summary>
    [Post("/api/v1/uploads/{id}/finalize")]
    Task<Upload> FinalizeUploadAsync(Guid id, [Body] UploadChecksum checksum, CancellationToken cancellationToken);

    /// <summary>Your uploads, newest first.</summary>
    [Get("/api/v1/uploads")]
    Task<Feed<Upload>> ListUploadsAsync(int? limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>One of your uploads. Errors: not_found 404, also for other people's and for what has expired.</summary>
    [Get("/api/v1/uploads/{id}")]
    Task<Upload> GetUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Deletes an upload. Errors: conflict 409 while a generation that runs needs it.</summary>
    [Delete("/api/v1/uploads/{id}")]
    Task DeleteUploadAsync(Guid id, CancellationToken cancellationToken);
}
