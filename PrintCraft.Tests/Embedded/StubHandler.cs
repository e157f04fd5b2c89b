using System.Net;
using System.Text;

namespace PrintCraft.Tests.Embedded;

/// <summary>Answers in place of the network and keeps what it was asked.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public StubHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    /// <summary>The requests that came, as "GET http://host/path", with headers and body.</summary>
    public List<SentRequest> Sent { get; } = [];

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK, string mediaType = "application/json") =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Sent)
        {
            Sent.Add(new(
                request.Method,
                request.RequestUri!.AbsoluteUri,
                body,
                request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).ToDictionary(header => header.Key, header => string.Join(",", header.Value))));
        }

        var response = await answer(request, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}

internal sealed record SentRequest(HttpMethod Method, string Url, string? Body, IReadOnlyDictionary<string, string> Headers);
