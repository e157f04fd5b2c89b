using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

using Npgsql;

using PrintCraft.Client;
using PrintCraft.Tests.Events;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;
using PrintCraft.Tests.Telemetry;

namespace PrintCraft.Tests.Security;

/// <summary>
/// Secrets that can be told apart, in a run in which much goes wrong; then everything that was written or exported is searched for them. What is not found is
/// not said: in the log, in spans and their events, in metrics, in answers.
/// </summary>
public sealed class CanarySecretTests : IAsyncLifetime
{
    private const string Prompt = "canary-of-a-prompt-7d1c";
    private const string NegativePrompt = "canary-of-what-to-leave-out-93ab";
    private const string ProviderToken = "r8_canaryOfTheProvidersToken41f0";
    private const string SigningKey = "canary-of-the-key-that-signs-images";
    private const string WebhookQuery = "canary-of-a-customers-webhook";
    private const string WrongCredential = "pcdev_admin.canary-of-a-wrong-credential";
    private const string Last = "the-last-request-of-all";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly string[] Signals = ["logs", "traces", "metrics"];

    private readonly Dictionary<string, string> _secrets = new()
    {
        ["prompt"] = Prompt,
        ["negative prompt"] = NegativePrompt,
        ["token of Replicate"] = ProviderToken,
        ["key of image addresses"] = SigningKey,
        ["development key"] = Scenario.DevelopmentKey,
        ["query of a customer's webhook"] = WebhookQuery,
        ["wrong credential"] = WrongCredential,
    };

    private readonly List<string> _answers = [];
    private OtlpReceiver _otlp = null!;
    private Scenario _scenario = null!;

    public async Task InitializeAsync()
    {
        _otlp = await OtlpReceiver.StartAsync();
        _scenario = await Scenario.StartAsync(new ScenarioPlan
        {
            Settings = new Dictionary<string, string?>(_otlp.Settings)
            {
                ["Replicate__Token"] = ProviderToken,
                ["Images__SigningKey"] = SigningKey,
                // Whatever our own code has to say at all.
                ["Logging__LogLevel__PrintCraft"] = "Trace",
            },
        });
        _secrets["password of Postgres"] = new NpgsqlConnectionStringBuilder(_scenario.Servers.PostgresConnection).Password!;
        _secrets["password of RabbitMQ"] = new Uri(_scenario.Servers.RabbitMqConnection).UserInfo.Split(':')[1];
        _secrets["password of Redis"] = _scenario.Servers.RedisConnection.Split("password=")[1].Split(',')[0];
        using var provider = (await PrintCraftApp.GetAsync()).Http("replicate");
        provider.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "r8_test");
        _secrets["secret of webhooks"] = (await provider.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret")).GetProperty("key").GetString()!["whsec_".Length..];
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _otlp.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_that_is_secret_is_logged_traced_measured_or_answered()
    {
        var user = _scenario.NewUser();
        _secrets["credential"] = user.Credential.Split('.')[1];
        await OrderAsync(user);
        await BeRefusedAsync(user);
        await BreakAsync(user);
        await EndedAsync(user);

        Assert.True(_otlp.Occurrences("logs", "API request") > 0 && _otlp.Occurrences("traces", "generate_content") > 0 && _otlp.Occurrences("metrics", "generation_total") > 0, "something to search in");
        var found = new List<string>();
        foreach (var (name, secret) in _secrets)
        {
            Assert.True(secret.Length >= 12, $"The {name} is too short to be found by it.");
            found.AddRange(_scenario.Apis.Concat(_scenario.Workers).SelectMany(service => service.Lines).Where(line => line.Contains(secret, StringComparison.Ordinal)).Select(line => $"{name} in the log: {line}"));
            found.AddRange(_answers.Where(answer => answer.Contains(secret, StringComparison.Ordinal)).Select(answer => $"{name} in an answer: {answer}"));
            found.AddRange(Signals.Where(signal => _otlp.Occurrences(signal, secret) > 0).Select(signal => $"{name} in {signal}"));
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    /// <summary>Jobs that succeed and that fail, and their pictures.</summary>
    private async Task OrderAsync(TestUser user)
    {
        foreach (var fault in new[] { "slow=0.1", "end=failed canary slow=0.1", "status=401 canary times=1", "status=422 canary", "output=html slow=0.1", "output=metadata slow=0.1" })
        {
            var order = new NewGeneration($"{Prompt} [sim: {fault}]", Options: new("draft", 512, 512), NegativePrompt: NegativePrompt, WebhookUrl: $"https://shop.example/hook?secret={WebhookQuery}");
            var id = await _scenario.OrderAsync(user, order);
            var status = await _scenario.EndAsync(id);
            if (status.StartsWith("succeeded", StringComparison.Ordinal))
            {
                var address = (await user.Api.GetGenerationAsync(id, CancellationToken.None)).ImageUrl!;
                _secrets[$"signature of {id}"] = address.Split("signature=")[1];
                using var picture = await user.Http.GetAsync(address);
                Assert.True(picture.IsSuccessStatusCode);
                await KeepAsync(user.Http.GetAsync($"{address}0"));
            }
        }
    }

    /// <summary>Requests that are wrong in ways that tempt to repeat them.</summary>
    private async Task BeRefusedAsync(TestUser user)
    {
        using var stranger = new HttpClient { BaseAddress = _scenario.Api.Address };
        stranger.DefaultRequestHeaders.Add("Authorization", $"Bearer {WrongCredential}");
        await KeepAsync(stranger.GetAsync("/api/v1/credits"));
        await KeepAsync(stranger.GetAsync($"/api/v1/credits?access_token={user.Credential}"));
        await KeepAsync(stranger.GetAsync($"/hubs/generations?access_token={user.Credential}"));
        await KeepAsync(stranger.GetAsync($"/hubs/generations?access_token={WrongCredential}"));
        await KeepAsync(stranger.PostAsync($"/hubs/generations/negotiate?access_token={WrongCredential}", null));
        await using (var hub = await HubClient.ConnectByQueryAsync(_scenario.Api.Address, user.Credential))
        {
            await hub.CallAsync("resume:user", 0);
            await hub.RefusedAsync("subscribe:generation", Prompt);
        }

        foreach (var body in new[]
        {
            $$"""{"prompt":"{{Prompt}}","style":7}""",
            $$"""{"prompt":"{{Prompt}}","nobody":"{{NegativePrompt}}"}""",
            $$"""{"prompt":"{{Prompt}}\u0000"}""",
            $$"""{"prompt":"{{Prompt}}",}""",
            $$"""{"prompt":"{{Prompt}}","webhookUrl":"http://127.0.0.1/?secret={{WebhookQuery}}"}""",
        })
        {
            await KeepAsync(user.Http.PostAsync("/api/v1/generations", new StringContent(body, Encoding.UTF8, "application/json")));
        }

        using var webhook = new HttpRequestMessage(HttpMethod.Post, $"/webhooks/replicate?job={Guid.NewGuid()}&image=0&attempt=1&token={WebhookQuery}") { Content = new StringContent("{}") };
        webhook.Headers.Add("webhook-signature", $"v1,{WebhookQuery}");
        await KeepAsync(stranger.SendAsync(webhook));
    }

    /// <summary>Every server goes away while something is asked of it.</summary>
    private async Task BreakAsync(TestUser user)
    {
        foreach (var server in new[] { _scenario.Postgres, _scenario.Redis, _scenario.RabbitMq, _scenario.Replicate })
        {
            server.Refuse();
            await KeepAsync(user.Http.PostAsJsonAsync("/api/v1/generations", new { prompt = Prompt, negativePrompt = NegativePrompt, options = new { quality = "draft", width = 512, height = 512 } }));
            await KeepAsync(user.Http.GetAsync("/health"));
            await KeepAsync(_scenario.User("admin").Http.GetAsync("/health/details"));
            server.Pass();
        }
    }

    /// <summary>All jobs are done, and what was said last has been received.</summary>
    private async Task EndedAsync(TestUser user)
    {
        await Eventually.HoldsAsync(async () => await _scenario.Api.AnswersAsync("/health"), () => $"the API to be well again. {_scenario.Story()}", Limit);
        await _scenario.AssertInvariantsAsync(Limit);
        await KeepAsync(user.Http.GetAsync($"/{Last}"));
        await Eventually.HoldsAsync(
            () => Task.FromResult(_otlp.Occurrences("logs", Last) > 0 && _otlp.Occurrences("traces", Last) > 0), () => "the last request to be exported", Limit);
    }

    private async Task KeepAsync(Task<HttpResponseMessage> asking)
    {
        try
        {
            using var answer = await asking;
            if (!answer.IsSuccessStatusCode || answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/health", StringComparison.Ordinal))
            {
                _answers.Add($"{(int)answer.StatusCode} {answer.Headers} {await answer.Content.ReadAsStringAsync()}");
            }
        }
        catch (HttpRequestException)
        {
            // The server went away: no answer, nothing said.
        }
    }
}
