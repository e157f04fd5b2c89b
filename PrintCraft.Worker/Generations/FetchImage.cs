using System.Net;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;
using PrintCraft.Replicate;

namespace PrintCraft.Worker.Generations;

/// <summary>A stored picture, or the code why there is none.</summary>
internal sealed record FetchResult(StoredImage? Image, int Width, int Height, string? FailureCode)
{
    public static FetchResult Failed(string code) => new(null, 0, 0, code);
}

/// <summary>
/// Fetches an output from where the provider put it, checks that it is a whole PNG of the asked size, and stores it under a key made of its
/// content: repeating all of it after a crash changes nothing. Tries the download a few times; never has the image made again for it.
/// </summary>
internal sealed partial class FetchImage(
    IHttpClientFactory clients, ImageStore store, IOptions<ReplicateOptions> replicate, IOptions<WorkOptions> options, ILogger<FetchImage> logger) : IDisposable
{
    /// <summary>Pictures in memory at a time.</summary>
    private const int MaxParallel = 8;

    private const string DataUriPrefix = "data:image/png;base64,";

    private readonly SemaphoreSlim _places = new(MaxParallel);

    public async Task<FetchResult> RunAsync(ImageWork work, Prediction prediction, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await FetchAsync(work, prediction, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<FetchResult> FetchAsync(ImageWork work, Prediction prediction, CancellationToken cancellationToken)
    {
        var output = prediction.Outputs[0];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var content = output.StartsWith(DataUriPrefix, StringComparison.OrdinalIgnoreCase)
                    ? Decode(output)
                    : await DownloadAsync(output, cancellationToken);
                return content is null ? FetchResult.Failed(FailureCodes.OutputExpired) : CheckAndStore(work, content);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or FormatException or TimeoutException)
            {
                NotFetched(logger, prediction.Id, attempt, exception.Message);
                if (attempt >= options.Value.DownloadTries)
                {
                    return FetchResult.Failed(FailureCodes.OutputUnusable);
                }

                await Task.Delay(RetryPlan.Delay(attempt, options.Value.RetryFirst, null, Random.Shared.NextDouble()), cancellationToken);
            }
        }
    }

    private byte[] Decode(string dataUri) => dataUri.Length / 4 * 3 <= options.Value.MaxImageBytes
        ? Convert.FromBase64String(dataUri[DataUriPrefix.Length..])
        : throw new InvalidDataException($"It is larger than {options.Value.MaxImageBytes} bytes.");

    /// <summary>The bytes, or null when they are gone.</summary>
    private async Task<byte[]?> DownloadAsync(string output, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(output, UriKind.Absolute, out var address) || !replicate.Value.MayDownload(address))
        {
            throw new InvalidDataException("The output's address is not one that images are fetched from.");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.DownloadTimeout);
        try
        {
            using var client = clients.CreateClient(DownloadClient.Name);
            using var response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                return null;
            }

            response.EnsureSuccessStatusCode();
            return await ReadAsync(response.Content, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not done within {options.Value.DownloadTimeout}.");
        }
    }

    private async Task<byte[]> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var max = options.Value.MaxImageBytes;
        if (content.Headers.ContentLength > max)
        {
            throw new InvalidDataException($"It is larger than {max} bytes.");
        }

        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        if (content.Headers.ContentLength is { } length)
        {
            // Cut short, it throws.
            var exact = GC.AllocateUninitializedArray<byte>((int)length);
            await body.ReadExactlyAsync(exact, cancellationToken);
            return exact;
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int read; (read = await body.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (buffer.Length + read > max)
            {
                throw new InvalidDataException($"It is larger than {max} bytes.");
            }

            buffer.Write(chunk, 0, read);
        }

        return buffer.ToArray();
    }

    private FetchResult CheckAndStore(ImageWork work, byte[] content)
    {
        // The size first: it is in the header, and nothing is unpacked for a picture that nobody asked for.
        if (PngFile.ReadSize(content) is { } size && size != (work.Generation.Width, work.Generation.Height))
        {
            throw new InvalidDataException($"The output is {size.Width}×{size.Height} instead of {work.Generation.Width}×{work.Generation.Height}.");
        }

        var (width, height, problem) = PngFile.Inspect(content);
        if (problem is not null)
        {
            throw new InvalidDataException($"The output is no whole PNG: {problem}.");
        }

        var stored = store.Save(work.Generation.UserId, work.Generation.Id, work.Image.Index, content);
        return new FetchResult(stored, width, height, null);
    }

    [LoggerMessage(LogLevel.Warning, "The output of {PredictionId} could not be used (try {Attempt}): {Reason}")]
    private static partial void NotFetched(ILogger logger, string predictionId, int attempt, string reason);
}
