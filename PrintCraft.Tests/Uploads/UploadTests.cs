using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

using PrintCraft.Client;
using PrintCraft.Tests.Images;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Uploads;

/// <summary>Both ways to send a picture, and everything that is refused on them.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const int MaxBytes = 10 * 1024 * 1024;
    private static readonly CancellationToken None = CancellationToken.None;

    private PrintCraftApp _app = null!;
    private TestUser _user = null!;
    private byte[] _png = null!;

    public async Task InitializeAsync()
    {
        _app = await PrintCraftApp.GetAsync();
        _user = _app.NewUser();
        _png = TestPng.Whole(300, 200);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_picture_sent_as_it_is_becomes_a_clean_one()
    {
        var jpeg = TestJpeg.WithExif(TestJpeg.Whole(320, 160), orientation: 6, "secret-place");

        var upload = await _user.Api.CreateUploadAsync(File(jpeg, "image/jpeg"), None);

        Assert.Equal(UploadStatus.Ready, upload.Status);
        Assert.Equal(new UploadedFile("image/jpeg", jpeg.Length, Hash(jpeg)), upload.File);
        Assert.Equal(("image/webp", 160, 320), (upload.Image!.ContentType, upload.Image.Width, upload.Image.Height));
        Assert.InRange(upload.ExpiresAt - upload.CreatedAt, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24.1));
        using var shown = await _app.Http("api").GetAsync(upload.Image.Url);
        var bytes = await shown.Content.ReadAsByteArrayAsync();
        Assert.Equal(("image/webp", upload.Image.Bytes, upload.Image.Sha256), (shown.Content.Headers.ContentType?.MediaType, bytes.Length, Hash(bytes)));
        Assert.DoesNotContain("secret-place", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        var (read, listed) = (await _user.Api.GetUploadAsync(upload.Id, None), await _user.Api.ListUploadsAsync(null, null, None));
        Assert.Equal((upload.Id, upload.File), (read.Id, read.File));
        Assert.Equal(upload.Id, Assert.Single(listed.Data).Id);
    }

    [Fact]
    public async Task A_form_with_a_file_does_the_same()
    {
        using var form = new MultipartFormDataContent { { new StringContent("a note"), "note" }, { File(_png, "image/png"), "file", "../../etc/passwd.png" } };

        using var answer = await _user.Http.PostAsync("/api/v1/uploads", form);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var upload = Assert.Single((await _user.Api.ListUploadsAsync(null, null, None)).Data);
        Assert.Equal($"/api/v1/uploads/{upload.Id}", answer.Headers.Location?.OriginalString);
        Assert.Equal(new UploadedFile("image/png", _png.Length, Hash(_png)), upload.File);
        Assert.DoesNotContain("passwd", Directory.EnumerateFiles(_app.ImageFolder, "*", SearchOption.AllDirectories), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_file_is_put_to_a_signed_address_and_finalized_with_its_checksum()
    {
        var waiting = await _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", _png.Length), None);
        Assert.Equal((UploadStatus.Waiting, null), (waiting.Status, waiting.Image));
        await Answers.RefusedAsync(() => FinalizeAsync(waiting.Id, _png), HttpStatusCode.Conflict, "conflict");

        // The first one breaks the promise of its picture; the second takes its place.
        var damaged = (byte[])_png.Clone();
        damaged[^20] ^= 0xff;
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(waiting.UploadUrl!, damaged));
        await Answers.RefusedAsync(() => FinalizeAsync(waiting.Id, damaged), HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(waiting.UploadUrl!, _png));
        var wrong = await Answers.RefusedAsync(() => FinalizeAsync(waiting.Id, damaged), HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal("sha256", Assert.Single(wrong.Error.Details).Field);

        var ready = await FinalizeAsync(waiting.Id, _png);

        Assert.Equal((UploadStatus.Ready, Hash(_png), null), (ready.Status, ready.File.Sha256, ready.UploadUrl));
        Assert.Equal((300, 200), (ready.Image!.Width, ready.Image.Height));
        Assert.Equal(ready.Image.Sha256, (await FinalizeAsync(waiting.Id, _png)).Image!.Sha256);
        await Answers.RefusedAsync(() => FinalizeAsync(waiting.Id, damaged), HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(waiting.UploadUrl!, _png));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_app.ImageFolder, "uploads", $"{_user.Id}")));
    }

    [Fact]
    public async Task An_address_is_good_for_its_file_and_its_time_only()
    {
        var upload = await _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", _png.Length), None);
        var other = await _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", _png.Length), None);
        var url = upload.UploadUrl!;

        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(url.Replace($"{upload.Id}", $"{other.Id}", StringComparison.Ordinal), _png));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(url.Replace("expires=", "expires=9", StringComparison.Ordinal), _png));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(url[..^1] + (url[^1] == 'A' ? 'B' : 'A'), _png));
        Assert.Equal(HttpStatusCode.NotFound, await PutAsync(url.Split('?')[0], _png));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PutAsync(url, _png, "image/jpeg"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await PutAsync(url, new byte[_png.Length]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(url, [.. _png, 0]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(url, [.. _png, 0], chunked: true));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(url, _png[..^1]));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync(url, _png, chunked: true));
        var getting = await _app.Http("api").GetAsync(url);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, getting.StatusCode);
    }

    /// <summary>Who sends all of it before he listens hears why, too; who asks before he sends may be told of any size.</summary>
    [Theory]
    [InlineData(MaxBytes + 1, false)]
    [InlineData(MaxBytes + 1, true)]
    [InlineData(MaxBytes / 2 * 3, true)]
    [InlineData(MaxBytes * 3, false)]
    public async Task A_file_that_is_too_large_is_refused_with_and_without_its_length(int bytes, bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = File(WithBytes(bytes), "image/png") };
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = bytes > 2 * MaxBytes;

        using var answer = await _user.Http.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "payload_too_large");
    }

    [Fact]
    public async Task A_file_as_large_as_may_be_is_taken_in_a_form()
    {
        using var form = new MultipartFormDataContent { { File(WithBytes(MaxBytes), "image/png"), "file", "large.png" } };

        using var answer = await _user.Http.PostAsync("/api/v1/uploads", form);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("image/svg+xml", "png", 415, "unsupported_media_type")]
    [InlineData("application/json", "png", 415, "unsupported_media_type")]
    [InlineData("image/jpeg", "png", 415, "unsupported_media_type")]
    [InlineData("image/png", "text", 415, "unsupported_media_type")]
    [InlineData("image/png", "nothing", 415, "unsupported_media_type")]
    [InlineData("image/png", "cut", 400, "invalid_request")]
    [InlineData("image/png", "bomb", 400, "invalid_request")]
    [InlineData("multipart/form-data", "png", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "png", 400, "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "broken form", 400, "invalid_request")]
    public async Task What_is_no_picture_is_refused(string type, string what, int status, string code)
    {
        byte[] file = what switch
        {
            "png" => _png,
            "cut" => _png[..^100],
            "bomb" => TestPng.WithPixels(TestPng.Header(30_000, 30_000), 1_000_000),
            "broken form" => Encoding.ASCII.GetBytes("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nhalf of"),
            "nothing" => [],
            _ => Encoding.ASCII.GetBytes("<svg onload=alert(1)>"),
        };
        using var content = File(file, type);

        using var answer = await _user.Http.PostAsync("/api/v1/uploads", content);

        await answer.ProblemAsync((HttpStatusCode)status, code);
        Assert.Empty((await _user.Api.ListUploadsAsync(null, null, None)).Data);
    }

    [Fact]
    public async Task Nobody_else_sees_uses_or_changes_an_upload()
    {
        var upload = await _user.Api.CreateUploadAsync(File(_png, "image/png"), None);
        var stranger = _app.NewUser();

        await Answers.RefusedAsync(() => stranger.Api.GetUploadAsync(upload.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => stranger.Api.DeleteUploadAsync(upload.Id, None), HttpStatusCode.NotFound, "not_found");
        await Answers.RefusedAsync(() => stranger.Api.FinalizeUploadAsync(upload.Id, new UploadChecksum(Hash(_png)), None), HttpStatusCode.NotFound, "not_found");
        var refused = await Answers.RefusedAsync(
            () => stranger.Api.CreateGenerationAsync(new NewGeneration("a fox", Options: new(ReferenceImage: upload.Id)), None), HttpStatusCode.BadRequest, "invalid_request");
        Assert.Equal("options.referenceImage", Assert.Single(refused.Error.Details).Field);
        Assert.Empty((await stranger.Api.ListUploadsAsync(null, null, None)).Data);
    }

    [Fact]
    public async Task A_user_has_twenty_at_most_and_a_deleted_one_is_gone_with_its_files()
    {
        var upload = await _user.Api.CreateUploadAsync(File(_png, "image/png"), None);
        for (var more = 1; more < 20; more++)
        {
            await _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", 1000), None);
        }

        await Answers.RefusedAsync(() => _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", 1000), None), HttpStatusCode.Conflict, "conflict");
        await Answers.RefusedAsync(() => _user.Api.CreateUploadAsync(File(_png, "image/png"), None), HttpStatusCode.Conflict, "conflict");

        await _user.Api.DeleteUploadAsync(upload.Id, None);

        await Answers.RefusedAsync(() => _user.Api.GetUploadAsync(upload.Id, None), HttpStatusCode.NotFound, "not_found");
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http("api").GetAsync(upload.Image!.Url)).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_app.ImageFolder, "uploads", $"{_user.Id}")));
        await _user.Api.CreateDirectUploadAsync(new NewDirectUpload("image/png", 1000), None);
    }

    [Theory]
    [InlineData("image/gif", 1000L, "contentType")]
    [InlineData("IMAGE/PNG", 1000L, "contentType")]
    [InlineData("image/png", 0L, "bytes")]
    [InlineData("image/png", MaxBytes + 1L, "bytes")]
    public async Task Only_what_could_be_taken_is_promised(string type, long bytes, string field)
    {
        var refused = await Answers.RefusedAsync(() => _user.Api.CreateDirectUploadAsync(new NewDirectUpload(type, bytes), None), HttpStatusCode.BadRequest, "invalid_request");

        Assert.Equal(field, Assert.Single(refused.Error.Details).Field);
    }

    private static ByteArrayContent File(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private Task<Upload> FinalizeAsync(Guid id, byte[] file) => _user.Api.FinalizeUploadAsync(id, new UploadChecksum(Hash(file)), None);

    /// <summary>Without a credential.</summary>
    private async Task<HttpStatusCode> PutAsync(string url, byte[] file, string type = "image/png", bool chunked = false)
    {
        using var http = _app.Http("api");
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = File(file, type) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>A picture of that size: what stands behind its end is no part of it.</summary>
    private byte[] WithBytes(int bytes) => [.. _png, .. new byte[bytes - _png.Length]];

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
