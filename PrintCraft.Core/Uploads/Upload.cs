namespace PrintCraft.Core.Uploads;

/// <summary>Where an upload stands.</summary>
public enum UploadStatus
{
    /// <summary>Its file is to be put to the signed address, or to be looked at.</summary>
    Waiting,

    /// <summary>Checked, made anew and ready for use.</summary>
    Ready,

    /// <summary>Deleted by its owner; its files are being removed.</summary>
    Deleted,
}

/// <summary>A picture of a user's, to be a reference for generations. What is kept is a new picture made of the file, never the file.</summary>
public sealed class Upload
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public UploadStatus Status { get; init; }

    /// <summary>Of the file as it was promised or came: image/png, image/jpeg or image/webp.</summary>
    public required string ContentType { get; init; }

    /// <summary>Of the file as it was promised or came.</summary>
    public required long Bytes { get; init; }

    /// <summary>Of the file as it came, lower-case hex; null until then.</summary>
    public string? FileSha256 { get; init; }

    /// <summary>Key of the clean picture in the image store.</summary>
    public string? StorageKey { get; init; }

    /// <summary>Of the clean picture, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Of the clean picture.</summary>
    public long? StoredBytes { get; init; }

    /// <summary>Of the clean picture, in pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Of the clean picture, in pixels.</summary>
    public int? Height { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>It can be used until then, and goes soon after; later only if a generation that still runs needs it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
