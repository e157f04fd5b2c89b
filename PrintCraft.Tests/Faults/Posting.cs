using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>What came back to a caller who orders with a key; no status when the line was cut.</summary>
public sealed record PostAnswer(HttpStatusCode? Status, string Body, bool IsReplay, TimeSpan? RetryAfter)
{
    public Guid Id => JsonDocument.Parse(Body).RootElement.GetProperty("id").GetGuid();

    public string Code => JsonDocument.Parse(Body).RootElement.GetProperty("error").GetProperty("code").GetString()!;

    public override string ToString() => $"{Status?.ToString() ?? "no answer"} {Body}";
}

/// <summary>Orders as a careful client: with an <c>Idempotency-Key</c>, and without being surprised by a lost answer.</summary>
public static class Posting
{
    /// <summary>One small image, for one credit.</summary>
    public static NewGeneration Order(params string[] faults) => new(Scenario.Prompt(faults), Options: new("draft", 512, 512, Seed: 1));

    public static Task<PostAnswer> PostAsync(this TestUser user, NewGeneration order, string? key) => user.PostAsync("/api/v1/generations", order, key);

    /// <summary>Asks again with the same key, as long as the answer is lost or says "later".</summary>
    public static async Task<PostAnswer> PostUntilDecidedAsync(this TestUser user, NewGeneration order, string key)
    {
        PostAnswer? answer = null;
        await Eventually.HoldsAsync(
            async () => (answer = await user.PostAsync(order, key)).Status is not (null or HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict),
            () => $"an answer to an order; the last was {answer}",
            TimeSpan.FromSeconds(60));
        return answer!;
    }

    public static async Task<PostAnswer> PostAsync(this TestUser user, string path, object? body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: Json) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        try
        {
            using var answer = await user.Http.SendAsync(request);
            var isReplay = answer.Headers.TryGetValues("Idempotent-Replayed", out var replayed) && replayed.Single() == "true";
            return new PostAnswer(answer.StatusCode, await answer.Content.ReadAsStringAsync(), isReplay, answer.Headers.RetryAfter?.Delta);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            return new PostAnswer(null, exception.Message, false, null);
        }
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };
}
