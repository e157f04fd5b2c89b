using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Faults;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Api.Generations;

/// <summary>A prompt and how to draw it.</summary>
public sealed record CreateGenerationRequest(
    [property: Description("What to draw, 1 to 2,000 characters.")] string? Prompt = null,
    [property: Description("What to leave out; \"blurry, low quality, watermark, text\" unless said. Models without one ignore it.")] string? NegativePrompt = null,
    [property: Description("none, minimalist, watercolor, photorealistic or cartoon; none unless said.")] string? Style = null,
    GenerationOptionsRequest? Options = null,
    [property: Description("Your address to be told at the end.")] string? WebhookUrl = null);

public sealed record GenerationOptionsRequest(
    [property: Description("draft, standard or high; standard unless said. Chooses model, price and time.")] string? Quality = null,
    [property: Description("Pixels, 256 to 2,048, a multiple of 8; 1,024 unless said. Some models make fewer sizes.")] int? Width = null,
    [property: Description("Pixels, as width; width × height is at most 4 megapixels.")] int? Height = null,
    [property: Description("The same seed and request give the same picture. Random unless said.")] long? Seed = null,
    [property: Description("1 to 4 images, with seeds seed, seed + 1, …; 1 unless said.")] int? Count = null,
    [property: Description("png.")] string? OutputFormat = null);

/// <summary>
/// Accepts a generation: hold, rows, first event and outbox message in one transaction. A crash before the commit leaves nothing;
/// after it the job runs, whether or not the caller got the answer.
/// </summary>
internal static partial class CreateGeneration
{
    public static async Task<Results<Created<GenerationResource>, ProblemHttpResult>> HandleAsync(
        CreateGenerationRequest request,
        CurrentUser user,
        PrintCraftDb db,
        GenerationResources resources,
        WorkSignal signal,
        IOptions<ModelCatalog> catalog,
        IOptions<GenerationPolicy> policy,
        TimeProvider time,
        ILogger<Generation> logger,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (!OrderRules.TryOrder(Draft(request), catalog.Value, out var order, out var errors))
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var generation = Accept(order, user.Id, policy.Value, Microseconds(time.GetUtcNow()));
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var hold = await db.HoldAsync(user.Id, generation.Id, order.Credits, generation.CreatedAt, cancellationToken);
        if (!hold.Taken)
        {
            return Problem.Because(ProblemCode.InsufficientCredits, $"This costs {order.Credits} credits and the balance is {hold.Balance}.");
        }

        Failpoint.Reach("A1");
        db.Generations.Add(generation);
        db.GenerationEvents.Add(new GenerationEvent
        {
            GenerationId = generation.Id,
            Seq = generation.LastEvent,
            Type = "accepted",
            Payload = $$"""{"progress":{{generation.Progress}}}""",
            CreatedAt = generation.CreatedAt,
        });
        db.Outbox.Add(OutboxMessage.Work(new StartGeneration(generation.Id), generation.CreatedAt));
        await db.SaveChangesAsync(cancellationToken);
        Failpoint.Reach("A2");
        await transaction.CommitAsync(cancellationToken);
        Failpoint.Reach("A3");
        response.ReachWhenSent("A4");
        signal.Send();

        Activity.Current?.SetTag("printcraft.generation.id", generation.Id);
        Accepted(logger, generation.Id, generation.Count, generation.Model, order.Credits);
        var resource = resources.From(generation);
        return TypedResults.Created(resource.Links.Self, resource);
    }

    /// <summary>As Postgres keeps it, so that this answer and later ones say the same.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));

    private static GenerationDraft Draft(CreateGenerationRequest request) => new(
        request.Prompt,
        request.NegativePrompt,
        request.Style,
        request.Options?.Quality,
        request.Options?.Width,
        request.Options?.Height,
        request.Options?.Seed,
        request.Options?.Count,
        request.Options?.OutputFormat,
        request.WebhookUrl);

    private static Generation Accept(GenerationOrder order, Guid userId, GenerationPolicy policy, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32((int)OrderRules.MaxSeed);
        return new Generation
        {
            Id = id,
            UserId = userId,
            Status = GenerationStatus.Pending,
            Progress = ProgressRules.Accepted,
            Prompt = order.Prompt,
            NegativePrompt = order.NegativePrompt,
            Style = order.Style,
            Quality = order.Quality,
            Width = order.Width,
            Height = order.Height,
            Seed = seed,
            Count = order.Count,
            OutputFormat = order.OutputFormat,
            Model = order.Model.FullName,
            CreditsPerImage = order.CreditsPerImage,
            EstimatedTime = (int)Math.Ceiling(order.Model.Estimate.TotalSeconds),
            WebhookUrl = order.WebhookUrl,
            TraceParent = Activity.Current?.Id,
            CreatedAt = now,
            Deadline = now + policy.Deadline,
            DueAt = now + (policy.QueueGrace < policy.Deadline ? policy.QueueGrace : policy.Deadline),
            LastEvent = 1,
            Images =
            [
                .. Enumerable.Range(0, order.Count).Select(index => new GenerationImage
                {
                    GenerationId = id,
                    Index = index,
                    Seed = seed + index,
                    Status = ImageStatus.Pending,
                    Progress = ProgressRules.Accepted,
                }),
            ],
        };
    }

    [LoggerMessage(LogLevel.Information, "Generation {GenerationId} accepted: {Count} image(s) by {Model}, {Credits} credits held.")]
    private static partial void Accepted(ILogger logger, Guid generationId, int count, string model, int credits);
}
