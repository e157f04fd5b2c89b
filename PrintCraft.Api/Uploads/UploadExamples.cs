using PrintCraft.Api.Paging;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>An upload, for the document.</summary>
internal static class UploadExamples
{
    private const string FileHash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly Guid Id = new("01980a61-5d6e-7f80-9a1b-2c3d4e5f6071");
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly DirectUploadRequest Order = new("image/jpeg", 2_481_113);

    public static readonly FinalizeUploadRequest Checksum = new(FileHash);

    public static readonly UploadResource Waiting = new(
        Id, UploadStatus.Waiting, new UploadFile("image/jpeg", 2_481_113, null), null, $"https://api.example.com/uploads/{Id}?expires=1795263300&signature=Vg2h…",
        At.AddMinutes(15), At, At.AddHours(24), UploadLinks.To(Id));

    public static readonly UploadResource Ready = Waiting with
    {
        Status = UploadStatus.Ready,
        File = new UploadFile("image/jpeg", 2_481_113, FileHash),
        Image = new UploadImage(
            $"https://api.example.com/images/uploads/01980a5e-0000-7c4d-8a61-b2d3e4f50617/{Id}-2c26b46b68ffc68f.webp?expires=1795263300&signature=Vg2h…", "image/webp", 2048, 1536, 412_208,
            "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
        UploadUrl = null,
        UploadUrlExpiresAt = null,
    };

    public static readonly Feed<UploadResource> Uploads = new([Ready], new FeedPagination(20, false, null));
}
