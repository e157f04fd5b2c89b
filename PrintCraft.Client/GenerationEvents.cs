using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PrintCraft.Client;

/// <summary>Something that happened to a generation.</summary>
/// <param name="Seq">Its number within the generation, from 1 without gaps.</param>
/// <param name="Type">accepted, submitted, progress, output, stored, succeeded, failed, canceled, …</param>
/// <param name="Image">Index of the image it is about, if it is about one.</param>
/// <param name="ImageUrl">The first image, when the generation succeeded.</param>
/// <param name="Error">Why, when it failed.</param>
public sealed record GenerationEvent(
    Guid GenerationId, int Seq, string Type, GenerationStatus Status, int Progress, int? Image, DateTimeOffset Timestamp, string? ImageUrl, GenerationFailure? Error)
{
    public bool IsFinal => Status is GenerationStatus.Succeeded or GenerationStatus.Failed or GenerationStatus.Canceled;
}

/// <param name="Id">What to send as Last-Event-ID to go on after it.</param>
/// <param name="Name">job.progress, job.completed, job.failed or job.canceled.</param>
public sealed record StreamedEvent(long Id, string Name, GenerationEvent Data);

public static class GenerationEvents
{
    private static readonly JsonSerializerOptions Json = PrintCraftClient.Json;

    /// <summary>The events of one generation to its end, across broken connections.</summary>
    public static async IAsyncEnumerable<StreamedEvent> FollowAsync(
        this IPrintCraftApi api, Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? last = null; ;)
        {
            using var response = await api.OpenGenerationEventsAsync(id, last, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                yield break;
            }

            response.EnsureSuccessStatusCode();
            await foreach (var item in response.ReadEventsAsync(cancellationToken))
            {
                last = item.Id;
                yield return item;
                if (item.Data.IsFinal)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>The events of an open stream, until the server or the line ends it.</summary>
    public static IAsyncEnumerable<StreamedEvent> ReadEventsAsync(this HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.ReadEventsAsync(_ => { }, cancellationToken);

    /// <summary>The events of an open stream, until the server or the line ends it.</summary>
    /// <param name="ended">Told at the end what to send as Last-Event-ID to go on: a stream says it before its first event, so that nothing is missed when it ends without one.</param>
    public static async IAsyncEnumerable<StreamedEvent> ReadEventsAsync(
        this HttpResponseMessage response, Action<long> ended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<GenerationEvent>(data, Json)!);
        var items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await NextAsync(items))
            {
                yield return new StreamedEvent(long.Parse(items.Current.EventId!, null), items.Current.EventType, items.Current.Data);
            }
        }
        finally
        {
            await items.DisposeAsync();
            if (long.TryParse(parser.LastEventId, CultureInfo.InvariantCulture, out var last))
            {
                ended(last);
            }
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<GenerationEvent>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            return false;
        }
    }
}
