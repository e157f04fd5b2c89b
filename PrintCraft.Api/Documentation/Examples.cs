using PrintCraft.Api.Credits;
using PrintCraft.Api.Generations;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Paging;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Api.Documentation;

/// <summary>One of each thing, for the document.</summary>
internal static class Examples
{
    private static readonly Guid GenerationId = new("01980a5e-7d1c-7a3b-9f52-3c1d5a7e9b42");
    private static readonly Guid UserId = new("01980a5e-0000-7c4d-8a61-b2d3e4f50617");
    private static readonly Guid OtherId = new("01980a60-2b4c-7d5e-8f70-1a2b3c4d5e6f");
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly string Thumbnail = $"https://api.example.com/images/generations/{UserId}/{GenerationId}/0-9f86d081-thumb.webp?expires=1795263300&signature=Qm9v…";
    private static readonly string Preview = $"https://api.example.com/images/generations/{UserId}/{GenerationId}/0-9f86d081-preview.jpg?expires=1795263300&signature=c2lu…";

    public static readonly CreateGenerationRequest Order = new(
        "a lighthouse above a stormy sea at sunset", Style: "watercolor", Options: new GenerationOptionsRequest("standard", 1024, 1024, Seed: 42, Count: 1), MaxCredits: 10);

    public static readonly GenerationResource Accepted = new(
        GenerationId, UserId, GenerationStatus.Pending, 10, Order.Prompt!, Styles.DefaultNegativePrompt, "watercolor",
        new GenerationOptionsResource(Quality.Standard, 1024, 1024, 42, 1, "png"),
        [], null, null, null, null,
        new GenerationMetadata("stability-ai/sdxl", null, 4, new Dimensions(1024, 1024)),
        new CreditsResource(4, 0, 0),
        null, 15, 1, 0, null, "4bf92f3577b34da6a3ce929d0e0e4736", At, null, null, GenerationLinks.To(GenerationId));

    public static readonly GenerationResource Generation = Accepted with
    {
        Status = GenerationStatus.Succeeded,
        Progress = 100,
        Images =
        [
            new ImageResource(
                0, $"https://api.example.com/images/generations/{UserId}/{GenerationId}/0-9f86d081.png?expires=1795263300&signature=Vg2h…", 1024, 1024,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 1_482_113, 42, Thumbnail, Preview),
        ],
        ImageUrl = $"https://api.example.com/images/generations/{UserId}/{GenerationId}/0-9f86d081.png?expires=1795263300&signature=Vg2h…",
        ThumbnailUrl = Thumbnail,
        PreviewUrl = Preview,
        ExpiresAt = At.AddMinutes(15),
        Metadata = Accepted.Metadata with { ProcessingTime = 4.2 },
        Credits = new CreditsResource(0, 4, 0),
        QueuePosition = null,
        Attempts = 1,
        StartedAt = At.AddSeconds(1),
        CompletedAt = At.AddSeconds(5.2),
    };

    public static readonly GenerationResource Canceled = Accepted with
    {
        Status = GenerationStatus.Canceled,
        Progress = 100,
        Credits = new CreditsResource(0, 0, 4),
        QueuePosition = null,
        CompletedAt = At.AddSeconds(2),
    };

    public static readonly Feed<GenerationResource> Generations = new([Generation], new FeedPagination(20, false, null));

    public static readonly QuoteResource Quote = new(4, 4, 1, 15, "stability-ai/sdxl");

    public static readonly BatchRequest BatchOrder = new(
        "a paper crane", Options: new BatchOptionsRequest("draft", Width: 1024, Height: 1024, Seeds: [1, 2], Styles: ["watercolor", "cartoon"]), MaxCredits: 10);

    public static readonly BatchResource Batch = new(
        new BatchQuote(4, 4, 5), 1, 1,
        [new BatchEntry(0, "accepted", Accepted, null), new BatchEntry(1, "refused", null, new FailureResource("insufficient_credits", "This costs 1 credits and the balance is 0."))]);

    public static readonly BalanceResource Balance = new(46, 4, [new ExpiringCredits(10, At.AddDays(30))]);

    public static readonly Feed<LedgerEntry> Ledger = new(
        [new LedgerEntry(OtherId, "hold", -4, 4, GenerationId, null, At)], new FeedPagination(20, false, null));

    public static readonly GrantRequest GrantOrder = new(UserId, 100, "promo", At.AddDays(30), "Spring promotion");

    public static readonly GrantResource Grant = new(OtherId, UserId, GrantKind.Promo, 100, At.AddDays(30), "Spring promotion", OtherId, At);

    public static readonly Page<DeadLetterResource> DeadLetters = new(
        [new DeadLetterResource(OtherId, "generations", $"{GenerationId}", $$"""{"generationId":"{{GenerationId}}"}""", "rejected", GenerationId, At, null, null)], PagePagination.Of(1, 20, 1));

    public static readonly ReplayResource Replay = new(OtherId, ReplayOutcome.Requeued, GenerationId, null);

    public static readonly ReplaysResource Replays = new(1, 0, [Replay]);

    public static readonly string Events = $$"""
        retry: 2000

        id: 1
        event: job.progress
        data: {"generationId":"{{GenerationId}}","seq":1,"type":"accepted","status":"pending","progress":10,"image":null,"timestamp":"2026-11-21T12:00:00+00:00"}


        """;
}
