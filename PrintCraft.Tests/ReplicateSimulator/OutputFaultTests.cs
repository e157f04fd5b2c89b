using System.Net;
using Xunit.Sdk;

namespace PrintCraft.Tests.ReplicateSimulator;

/// <summary>Files that are not what was ordered.</summary>
public sealed class OutputFaultTests(FaultySimulator faulty) : IClassFixture<FaultySimulator>
{
    [Theory]
    [InlineData("gone", 404)]
    [InlineData("unavailable", 503)]
    [InlineData("redirect", 302)]
    public async Task A_file_may_not_be_there(string fault, int status)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(await AddressAsync($"[sim: output={fault}]"));

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(fault == "redirect" ? "169.254.169.254" : null, answer.Headers.Location?.Host);
    }

    [Theory]
    [InlineData("metadata", "http://169.254.169.254/latest/meta-data/out-0.png")]
    [InlineData("file", "file:///etc/passwd")]
    public async Task An_address_may_lead_where_nobody_should_go(string fault, string address) =>
        Assert.Equal(address, await AddressAsync($"[sim: output={fault}]"));

    [Fact]
    public async Task A_truncated_file_breaks_off()
    {
        using var answer = await HeadersAsync("[sim: output=truncated]");
        await using var body = await answer.Content.ReadAsStreamAsync();
        var (read, error) = await ReadAsync(body);

        Assert.IsAssignableFrom<IOException>(error);
        Assert.InRange(read, 0, answer.Content.Headers.ContentLength!.Value - 1);
    }

    [Fact]
    public async Task A_stalled_file_falls_silent_in_the_middle()
    {
        using var answer = await HeadersAsync("[sim: output=stalled]");
        await using var body = await answer.Content.ReadAsStreamAsync();
        var whole = answer.Content.Headers.ContentLength!.Value;
        await body.ReadExactlyAsync(new byte[whole / 2]);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.ReadAsync(new byte[1], patience.Token).AsTask());
    }

    [Theory]
    [InlineData("oversized", true)]
    [InlineData("endless", false)]
    public async Task A_file_may_be_too_large_with_and_without_saying_so(string fault, bool saysSo)
    {
        using var answer = await HeadersAsync($"[sim: output={fault}]");
        await using var body = await answer.Content.ReadAsStreamAsync();

        Assert.Equal(saysSo ? 31_457_280 : null, answer.Content.Headers.ContentLength);
        Assert.Equal((31_457_280, null), await ReadAsync(body));
    }

    [Fact]
    public async Task A_file_may_be_something_else()
    {
        using var html = await HeadersAsync("[sim: output=html]");
        using var jpeg = await HeadersAsync("[sim: output=jpeg]");
        using var wide = await HeadersAsync("[sim: output=wrong-size]");

        Assert.Equal("text/html", html.Content.Headers.ContentType?.MediaType);
        Assert.Equal("image/png", jpeg.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await jpeg.Content.ReadAsByteArrayAsync())[..3]);
        var picture = PngImage.Read(await wide.Content.ReadAsByteArrayAsync());
        Assert.Equal((72, 64), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task A_corrupt_file_has_one_wrong_byte()
    {
        var address = await AddressAsync("[sim: output=corrupt output-times=1]");
        var corrupt = await faulty.Simulator.Http.GetByteArrayAsync(address);
        var right = await faulty.Simulator.Http.GetByteArrayAsync(address);

        Assert.Equal(64, PngImage.Read(right).Width);
        Assert.Single(right.Zip(corrupt), pair => pair.First != pair.Second);
    }

    [Fact]
    public async Task A_bomb_is_small_until_it_is_unpacked()
    {
        var bomb = await faulty.Simulator.Http.GetByteArrayAsync(await AddressAsync("[sim: output=bomb]"));

        Assert.InRange(bomb.Length, 100_000, 3_000_000);
        Assert.Equal([0, 0, 0, 64, 0, 0, 0, 64], bomb[16..24]);
        // The reader takes the rows that the header promises, and finds that the data goes on.
        Assert.Throws<EqualException>(() => PngImage.Read(bomb));
    }

    [Fact]
    public async Task A_file_comes_right_after_as_many_tries_as_told()
    {
        var address = await AddressAsync("[sim: output=gone output-times=2]");
        HttpStatusCode[] statuses = [await StatusAsync(address), await StatusAsync(address), await StatusAsync(address)];

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK], statuses);
    }

    private async Task<string> AddressAsync(string prompt)
    {
        var ended = await faulty.Simulator.WaitForEndAsync(await faulty.CreateAsync(prompt));
        return ended.GetProperty("output")[0].GetString()!;
    }

    private async Task<HttpResponseMessage> HeadersAsync(string prompt) =>
        await faulty.Simulator.Http.GetAsync(await AddressAsync(prompt), HttpCompletionOption.ResponseHeadersRead);

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var answer = await faulty.Simulator.Http.GetAsync(address);
        return answer.StatusCode;
    }

    private static async Task<(long Read, Exception? Error)> ReadAsync(Stream body)
    {
        var (all, chunk) = (0L, new byte[64 * 1024]);
        try
        {
            for (int read; (read = await body.ReadAsync(chunk)) > 0; all += read)
            {
            }

            return (all, null);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return (all, error);
        }
    }
}
