using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Security;

/// <summary>A small body that grows to a huge one is not unpacked (OWASP API4).</summary>
[Collection(nameof(SecurityScenario))]
public sealed class CompressedBodyTests(SecurityScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task A_bomb_is_refused(string encoding)
    {
        var user = _scenario.NewUser();
        using var content = new ByteArrayContent(Bomb());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);

        using var answer = await user.Http.PostAsync("/api/v1/generations", content);

        await answer.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        Assert.Equal(0, await _scenario.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE user_id = $1", user.Id));
    }

    /// <summary>100 MB of blanks in 100 KB.</summary>
    private static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            var blanks = new byte[1024 * 1024];
            Array.Fill(blanks, (byte)' ');
            for (var megabyte = 0; megabyte < 100; megabyte++)
            {
                gzip.Write(blanks);
            }
        }

        return packed.ToArray();
    }
}
