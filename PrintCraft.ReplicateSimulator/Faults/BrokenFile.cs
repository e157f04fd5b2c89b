using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Drawing;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Faults;

/// <summary>Output files that are not what was ordered, in the ways that a delivery host can break.</summary>
internal static class BrokenFile
{
    private const int OversizedBytes = 30 * 1024 * 1024;
    private const int BombBytes = 200 * 1024 * 1024;
    private const string Png = "image/png";

    /// <summary>A whole picture of one pixel.</summary>
    private static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
        + "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=");

    public static async Task<IResult> OfAsync(OutputFault fault, Order order, Gallery gallery, HttpContext http, CancellationToken stopping)
    {
        switch (fault)
        {
            case OutputFault.Gone:
                return Problem.NotFound;
            case OutputFault.Unavailable:
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            case OutputFault.Redirect:
                return Results.Redirect("http://169.254.169.254/latest/meta-data/");
            case OutputFault.Html:
                return Results.Content("<html><body><h1>Just a moment…</h1></body></html>\n", "text/html; charset=utf-8");
            case OutputFault.Jpeg:
                return Results.Bytes(Jpeg, Png);
            case OutputFault.Bomb:
                return Results.Bytes(PngFile.WriteBomb(order.Width, order.Height, BombBytes), Png);
            case OutputFault.WrongSize:
                return Results.Bytes(await gallery.DrawAsync(order with { Width = order.Width + 8 }, http.RequestAborted), Png);
        }

        var file = await gallery.DrawAsync(order, http.RequestAborted);
        switch (fault)
        {
            case OutputFault.Corrupt:
                file = [.. file];
                file[file.Length / 2] ^= 1;
                return Results.Bytes(file, Png);
            case OutputFault.Oversized:
                return await SendAsync(http, file, OversizedBytes, withLength: true);
            case OutputFault.Endless:
                return await SendAsync(http, file, OversizedBytes, withLength: false);
            case OutputFault.Truncated or OutputFault.Stalled:
                http.Response.ContentType = Png;
                http.Response.ContentLength = file.Length;
                await http.Response.Body.WriteAsync(file.AsMemory(0, file.Length / 2), http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                return fault == OutputFault.Truncated ? Refusal.Reset(http) : await StallAsync(http, stopping);
            default:
                // The addresses of these were told in place of ours.
                return Problem.NotFound;
        }
    }

    /// <summary>The picture, and after its end zeros up to a length.</summary>
    private static async Task<IResult> SendAsync(HttpContext http, byte[] file, int length, bool withLength)
    {
        http.Response.ContentType = Png;
        http.Response.ContentLength = withLength ? length : null;
        await http.Response.Body.WriteAsync(file, http.RequestAborted);
        var zeros = new byte[64 * 1024];
        for (var left = length - file.Length; left > 0; left -= zeros.Length)
        {
            await http.Response.Body.WriteAsync(zeros.AsMemory(0, Math.Min(left, zeros.Length)), http.RequestAborted);
        }

        return Results.Empty;
    }

    /// <summary>Says nothing more until the caller goes away, or the process.</summary>
    private static async Task<IResult> StallAsync(HttpContext http, CancellationToken stopping)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, gone.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        return Refusal.Reset(http);
    }
}
