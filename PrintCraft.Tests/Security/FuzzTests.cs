using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

using PrintCraft.Api.Problems;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

using Xunit.Sdk;

namespace PrintCraft.Tests.Security;

/// <summary>
/// Every operation of the document, with bodies, parameters and headers that are valid, wrong and strange. Whatever comes, the answer is one that the document
/// lists, never one that says the server broke, and an error has the body of all errors.
/// </summary>
[Collection(nameof(SecurityScenario))]
public sealed class FuzzTests(SecurityScenario fixture)
{
    private const int Rounds = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] MediaTypes = ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain", "application/xml", "multipart/form-data; boundary=x", "*/*"];

    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task Whatever_comes_the_answer_is_one_of_the_contract()
    {
        var operations = await Operation.ReadAllAsync(_scenario.NewUser().Http);
        Assert.True(operations.Count >= 15, "the document has lost its operations");

        await Property.HoldsAsync(Rounds, async random =>
        {
            var (user, admin) = (_scenario.NewUser(), _scenario.User("admin"));
            // Its first request makes it known.
            await user.Api.GetCreditsAsync(CancellationToken.None);
            var findings = new List<string>();
            foreach (var operation in operations)
            {
                using var request = await RequestAsync(random, operation, user);
                var caller = random.Next(12) == 0 ? random.Of([user, admin]) : operation.IsAdministration ? admin : user;
                findings.AddRange(await FindingsAsync(caller, operation, request));
            }

            Assert.True(findings.Count == 0, string.Join(Environment.NewLine, findings));
        });
    }

    private static async Task<IEnumerable<string>> FindingsAsync(TestUser caller, Operation operation, HttpRequestMessage request)
    {
        using var patience = new CancellationTokenSource(Patience);
        // A stream is judged by its head.
        using var answer = await caller.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        var isStream = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var text = isStream ? "" : await TextAsync(answer, patience.Token);
        try
        {
            Judge(operation, answer, text);
            return [];
        }
        catch (Exception exception) when (exception is XunitException or JsonException or KeyNotFoundException)
        {
            var sent = request.Content is null ? "" : await request.Content.ReadAsStringAsync(patience.Token);
            return
            [
                $"--- {operation}", $"{request.Method} {request.RequestUri!.OriginalString}", $"{request.Headers}{request.Content?.Headers}{Cut(sent)}",
                $"answers {(int)answer.StatusCode} {Cut(text)}", exception.Message,
            ];
        }
    }

    /// <summary>As the caller asked for it: packed or not.</summary>
    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        await using Stream unpacked = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(unpacked);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static void Judge(Operation operation, HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        if (answer.StatusCode is HttpStatusCode.RequestUriTooLong or HttpStatusCode.RequestHeaderFieldsTooLarge)
        {
            // Kestrel's own answer to what is too long to be read: it comes without a body.
            Assert.Equal("", text);
            return;
        }

        Assert.True(status < 500, "The server says that it broke.");
        // A body where there is none to be is refused like any other: by its size, type or packing.
        Assert.Contains($"{status}", operation.BodySchema is null ? operation.Statuses.Append("413").Append("415") : operation.Statuses);
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var problem = JsonDocument.Parse(text).RootElement;
            var code = problem.GetProperty("error").GetProperty("code").GetString();
            Assert.Contains(ProblemCode.All, known => known.Code == code && known.Status == status);
            Assert.Equal((status, $"/errors#{code}"), (problem.GetProperty("status").GetInt32(), problem.GetProperty("type").GetString()));
            Assert.Equal(32, problem.GetProperty("traceId").GetString()?.Length);
            Assert.All(problem.GetProperty("error").GetProperty("details").EnumerateArray(), detail => Assert.NotNull(detail.GetProperty("message").GetString()));
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        }
        else if (answer.Content.Headers.ContentType?.MediaType == "application/json")
        {
            JsonDocument.Parse(text).Dispose();
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(Random random, Operation operation, TestUser user)
    {
        var path = operation.Path;
        foreach (var name in operation.Parameters.Where(parameter => In(parameter) == "path").Select(Name))
        {
            var value = name == "id" && random.Next(2) == 0 && !operation.IsAdministration ? await fixture.OwnIdAsync(user, operation)
                : random.Next(3) > 0 ? $"{Guid.CreateVersion7()}"
                // Kestrel itself answers a NUL in a path, as no proper HTTP.
                : Uri.EscapeDataString(Encodable(Samples.OddText(random)).Replace("\0", "", StringComparison.Ordinal));
            path = path.Replace($"{{{name}}}", value is "" or "." or ".." ? "-" : value, StringComparison.Ordinal);
        }

        var request = new HttpRequestMessage(new HttpMethod(operation.Method), $"{path}{Query(random, operation)}");
        AddHeaders(random, operation, request.Headers);
        if (operation.BodySchema is not null || random.Next(10) == 0)
        {
            request.Content = Body(random, operation);
        }

        return request;
    }

    private static string Query(Random random, Operation operation)
    {
        var parts = new List<string>();
        foreach (var parameter in operation.Parameters.Where(parameter => In(parameter) == "query" && random.Next(2) == 0))
        {
            for (var times = random.Next(8) == 0 ? 2 : 1; times > 0; times--)
            {
                var value = random.Next(2) == 0 ? Samples.Of(random, operation, parameter.GetProperty("schema")) : Samples.OddText(random);
                parts.Add($"{Name(parameter)}={Uri.EscapeDataString(Encodable(value))}");
            }
        }

        if (random.Next(5) == 0)
        {
            parts.Add($"{Uri.EscapeDataString(Encodable(Samples.OddText(random)))}={random.Next()}");
        }

        return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
    }

    private static void AddHeaders(Random random, Operation operation, HttpRequestHeaders headers)
    {
        Maybe("Idempotency-Key", $"{Guid.NewGuid()}", "\"quoted\"", "", new string('k', 256), "a b");
        // Nothing is waited for that no worker does.
        Maybe("Prefer", "wait=0", "wait=-1", "wait=x", "respond-async", "wait=0, wait=0", "wait=99999999999999999999");
        Maybe("If-Match", "*", "\"x\"", "W/\"1\"", "x", "\"1\", \"2\"");
        Maybe("If-None-Match", "*", "\"x\"", "x");
        Maybe("Last-Event-ID", "0", "1", "-1", "x", "99999999999999999999", "1:2");
        Maybe("Accept", "application/json", "text/html", "*/*", "application/xml;q=0", "x");
        Maybe("Accept-Encoding", "gzip", "br", "identity;q=0", "x");
        Maybe("Range", "bytes=0-0", "bytes=9-1", "x");
        Maybe("Origin", "https://evil.example", "null");
        Maybe("traceparent", "00-0-0-00", $"00-{new string('a', 32)}-{new string('b', 16)}-01", "x");
        Maybe("X-Forwarded-For", "127.0.0.1", "x");
        Maybe("X-HTTP-Method-Override", "DELETE");
        foreach (var name in operation.Parameters.Where(parameter => In(parameter) == "header" && random.Next(4) == 0).Select(Name))
        {
            headers.Remove(name);
            headers.TryAddWithoutValidation(name, Line(Samples.OddText(random)));
        }

        void Maybe(string name, params string[] values)
        {
            if (random.Next(8) == 0)
            {
                headers.TryAddWithoutValidation(name, random.Of(values));
            }
        }
    }

    private static ByteArrayContent Body(Random random, Operation operation)
    {
        var text = operation.BodySchema is null ? Samples.OddText(random) : random.Next(3) == 0 ? Samples.Valid(random, operation)?.ToJsonString() ?? "null" : Samples.Mutated(random, operation);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(20) == 0 && bytes.Length > 0)
        {
            // No longer UTF-8.
            bytes[random.Next(bytes.Length)] = 0xff;
        }

        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", random.Next(10) == 0 ? random.Of(MediaTypes) : "application/json");
        if (random.Next(30) == 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", random.Of(["gzip", "identity", "br", "x"]));
        }

        return content;
    }

    /// <summary>Lone halves of surrogates have no place in an address.</summary>
    private static string Encodable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>What an HTTP client can send as a header at all.</summary>
    private static string Line(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~').Take(1000));

    private static string Cut(string text) => text.Length > 1500 ? $"{text[..1500]}… ({text.Length})" : text;

    private static string In(JsonElement parameter) => parameter.GetProperty("in").GetString()!;

    private static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;
}
