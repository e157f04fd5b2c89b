using Microsoft.Extensions.Options;

using PrintCraft.Api.Http;
using PrintCraft.Api.Images;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Api.Uploads;

/// <summary>Shows rows as resources, with addresses that are signed for each answer.</summary>
internal sealed class UploadResources(ImageUrls urls, IOptions<UploadOptions> options, TimeProvider time, IHttpContextAccessor accessor)
{
    public UploadResource From(Upload upload)
    {
        var isWaiting = upload.Status == UploadStatus.Waiting;
        var until = time.GetUtcNow() + options.Value.AddressLifetime;
        until = DateTimeOffset.FromUnixTimeSeconds((until < upload.ExpiresAt ? until : upload.ExpiresAt).ToUnixTimeSeconds());
        return new UploadResource(
            upload.Id,
            upload.Status,
            new UploadFile(upload.ContentType, upload.Bytes, upload.FileSha256),
            upload.StorageKey is { } key
                ? new UploadImage(Absolute(urls.Sign(key, urls.Expiry())), "image/webp", upload.Width!.Value, upload.Height!.Value, upload.StoredBytes!.Value, upload.Sha256!)
                : null,
            isWaiting ? Absolute(urls.SignUpload(upload.Id, upload.ContentType, upload.Bytes, until)) : null,
            isWaiting ? until : null,
            upload.CreatedAt,
            upload.ExpiresAt,
            UploadLinks.To(upload.Id));
    }

    private string Absolute(string path) => accessor.HttpContext!.Request.AddressOf(path);
}
