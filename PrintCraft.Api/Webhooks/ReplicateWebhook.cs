using System.Text.Json;
using System.Text.Json.Serialization;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Webhooks;

/// <summary>
/// Takes Replicate's webhooks. A webhook is a hint: after its signature is verified it makes the job due and tells the prediction's id, and
/// the worker reads the result from Replicate. So a repeated, late or reordered webhook costs one look, and a lost one costs the time to the next poll.
/// </summary>
internal static class ReplicateWebhook
{
    public static IServiceCollection AddReplicateWebhook(this IServiceCollection services) => services.AddSingleton<ReplicateWebhookSecret>();

    public static IEndpointRouteBuilder MapReplicateWebhook(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/webhooks/replicate", HandleAsync).AllowAnonymous().WithoutQuota().ExcludeFromDescription();
        return routes;
    }

    private static async Task<Results<Ok<Received>, ProblemHttpResult>> HandleAsync(
        Guid? job,
        int? image,
        int? attempt,
        string? token,
        HttpRequest request,
        ReplicateWebhookSecret secret,
        PrintCraftDb db,
        WorkSignal signal,
        CancellationToken cancellationToken)
    {
        // The raw bytes: a signature does not survive parsing and writing again. Kestrel's limit bounds them.
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);

        var headers = request.Headers;
        var verdict = await secret.VerifyAsync(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body.ToArray(), cancellationToken);
        if (verdict != WebhookVerdict.Genuine)
        {
            return verdict == WebhookVerdict.Forged
                ? Problem.Because(ProblemCode.InvalidToken, "The webhook's signature is not valid.")
                : Problem.Because(ProblemCode.ServiceUnavailable);
        }

        // Only the attempt that is waited for counts; anything else was answered already. The due time is the database's clock. If the worker
        // died before it stored the prediction's id, this is where the id comes from: otherwise the image might be bought again.
        var predictionId = PredictionId(body.ToArray());
        var woken = await db.Database.ExecuteSqlAsync(
            $"""
            WITH told AS (
                UPDATE generation_images SET prediction_id = coalesce(prediction_id, {predictionId})
                WHERE generation_id = {job} AND index = {image} AND attempt = {attempt} AND token = {token} AND completed_at IS NULL
                RETURNING generation_id)
            UPDATE generations SET due_at = now(), hinted = true
            WHERE id IN (SELECT generation_id FROM told) AND completed_at IS NULL
            """,
            cancellationToken);
        if (woken > 0)
        {
            signal.Send();
        }

        return TypedResults.Ok(new Received(true));
    }

    private static string? PredictionId(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Told>(body, JsonSerializerOptions.Web)?.Id;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Told(string? Id);

    /// <summary>The body that the source documents name.</summary>
    private sealed record Received([property: JsonPropertyName("received")] bool IsReceived);
}
