using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>A webhook is a hint: lost, late, repeated or forged, it never decides.</summary>
[Collection(nameof(ProviderFaults))]
public sealed class WebhookFaultTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Theory]
    [Trait("Fault", "F15")]
    [InlineData("webhook=lost")]
    [InlineData("webhook-after=20")]
    public Task A_lost_or_late_webhook_costs_a_poll(string fault) => SucceedsOnceAsync(fault);

    [Theory]
    [Trait("Fault", "F16")]
    [InlineData("webhook-copies=100")]
    [InlineData("webhook=reordered")]
    [InlineData("webhook=replayed")]
    public Task Repeated_and_reordered_webhooks_have_one_effect(string fault) => SucceedsOnceAsync(fault);

    [Theory]
    [Trait("Fault", "F17")]
    [InlineData("webhook=forged")]
    [InlineData("webhook=stale")]
    public Task A_forged_or_stale_webhook_changes_nothing_and_the_job_ends_by_polling(string fault) => SucceedsOnceAsync(fault);

    [Fact]
    [Trait("Fault", "F17")]
    public async Task Only_the_exact_bytes_under_the_right_key_in_time_are_taken_and_even_they_decide_nothing()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user, "slow=4 webhook=lost");
        await _scenario.UntilAsync("EXISTS (SELECT 1 FROM generation_images WHERE generation_id = $1 AND status = 'submitted')", id);
        var row = (await _scenario.Sql.ListAsync("SELECT token, prediction_id FROM generation_images WHERE generation_id = $1", id)).Single().Split('|');
        var path = $"/webhooks/replicate?job={id}&image=0&attempt=1&token={row[0]}";
        var body = $$"""{"id":"{{row[1]}}","status":"succeeded","output":["http://127.0.0.1:9/stolen.png"]}""";
        var (secret, now) = (await SecretAsync(), TimeProvider.System.GetUtcNow());
        var before = await RowAsync(id);

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body, Sign("whsec_" + Convert.ToBase64String(new byte[24]), "msg_1", now, body), "msg_1", now));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body.Replace("stolen", "stoles", StringComparison.Ordinal), Sign(secret, "msg_2", now, body), "msg_2", now));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body, Sign(secret, "msg_3", now, body), "msg_4", now));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body, Sign(secret, "msg_5", now.AddSeconds(-330), body), "msg_5", now.AddSeconds(-330)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body, Sign(secret, "msg_6", now.AddSeconds(330), body), "msg_6", now.AddSeconds(330)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(path, body, null, "msg_7", now));
        Assert.Equal(before, await RowAsync(id));

        // Genuine, for another job, with a wrong token, and at last the right one, whose word is not taken: the picture comes from the provider.
        Assert.Equal(HttpStatusCode.OK, await PostAsync(path.Replace($"{id}", $"{Guid.NewGuid()}", StringComparison.Ordinal), body, Sign(secret, "msg_8", now, body), "msg_8", now));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(path + "0", body, Sign(secret, "msg_9", now, body), "msg_9", now));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(path, body, Sign(secret, "msg_10", now, body), "msg_10", now));
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    private async Task SucceedsOnceAsync(string fault)
    {
        var id = await _scenario.OrderAsync(_scenario.NewUser(), $"slow=0.3 {fault}");

        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(id));
        Assert.Equal(1, await _scenario.SpendAsync(id));
        await _scenario.AssertInvariantsAsync();
    }

    private Task<IReadOnlyList<string>> RowAsync(Guid id) =>
        _scenario.Sql.ListAsync("SELECT g.status, hinted, prediction_id, i.status FROM generations g JOIN generation_images i ON generation_id = id WHERE id = $1", id);

    private static async Task<string> SecretAsync()
    {
        using var http = (await PrintCraftApp.GetAsync()).Http("replicate");
        http.DefaultRequestHeaders.Authorization = new("Bearer", "r8_simulator");
        return (await http.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret")).GetProperty("key").GetString()!;
    }

    /// <summary>As https://www.standardwebhooks.com has it; written apart from the product's.</summary>
    private static string Sign(string secret, string id, DateTimeOffset at, string body) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{id}.{at.ToUnixTimeSeconds()}.{body}")))}";

    private async Task<HttpStatusCode> PostAsync(string path, string body, string? signature, string id, DateTimeOffset at)
    {
        using var http = new HttpClient { BaseAddress = _scenario.Api.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", $"{at.ToUnixTimeSeconds()}");
        if (signature is not null)
        {
            request.Headers.Add("webhook-signature", signature);
        }

        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
