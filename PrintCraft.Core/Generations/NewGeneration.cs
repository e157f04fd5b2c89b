using System.Diagnostics;
using System.Security.Cryptography;

using PrintCraft.Core.Data;

namespace PrintCraft.Core.Generations;

/// <summary>The first state of a generation.</summary>
public static class NewGeneration
{
    public static Generation Of(GenerationOrder order, Guid userId, int estimatedTime, GenerationPolicy policy, DateTimeOffset now)
    {
        var seed = order.Seed ?? RandomNumberGenerator.GetInt32((int)OrderRules.MaxSeed);
        now = now.InMicroseconds();
        var id = Guid.CreateVersion7(now);
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
            ReferenceId = order.ReferenceId,
            ReferenceStrength = order.ReferenceStrength,
            Model = order.Model.FullName,
            CreditsPerImage = order.CreditsPerImage,
            EstimatedTime = estimatedTime,
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
}
