namespace Refit;

/// <summary>A call that failed.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Upstream's name.")]
public abstract class ApiExceptionBase : Exception
{
    private protected ApiExceptionBase(string message, HttpRequestMessage request, Exception? cause) : base(message, cause) =>
        (HttpMethod, Uri) = (request.Method, request.RequestUri);

    public HttpMethod HttpMethod { get; }
    public Uri? Uri { get; }
}

/// <summary>No answer came: no connection, a timeout, an open circuit. Methods that return a bare Task throw the cause itself.</summary>
public class ApiRequestException : ApiExceptionBase
{
    internal ApiRequestException(HttpRequestMessage request, Exception cause) : base(cause.Message, request, cause) { }
}

/// <summary>An answer with an error status, or one that could not be read.</summary>
public class ApiException : ApiExceptionBase
{
    private readonly RefitSettings _settings;

    internal ApiException(HttpResponseMessage response, string? content, RefitSettings settings, Exception? unreadable)
        : base(
            unreadable is null
                ? $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase})."
                : "The response could not be deserialized.",
            response.RequestMessage ?? throw new InvalidOperationException("The response does not name its request."),
            unreadable) =>
        (StatusCode, ReasonPhrase, Headers, Content, _settings) =
            (response.StatusCode, response.ReasonPhrase, response.Headers, content, settings);

    public HttpStatusCode StatusCode { get; }
    public string? ReasonPhrase { get; }
    public HttpResponseHeaders Headers { get; }
    public string? Content { get; set; }
    [MemberNotNullWhen(true, nameof(Content))] public bool HasContent => !string.IsNullOrWhiteSpace(Content);

    /// <summary>Reads the body with the client's serializer; default when there is none.</summary>
    public async Task<T?> GetContentAsAsync<T>()
    {
        using var content = new StringContent(Content ?? "");
        return HasContent ? await _settings.ContentSerializer.FromHttpContentAsync<T>(content).ConfigureAwait(false) : default;
    }

    internal static async Task<ApiException> CreateAsync(
        HttpResponseMessage response, RefitSettings settings, Exception? unreadable, CancellationToken cancellationToken)
    {
        string? text = null;
        try
        {
            text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" && !string.IsNullOrWhiteSpace(text))
            {
                using var problem = new StringContent(text, Encoding.UTF8, "application/problem+json");
                var reading = settings.ContentSerializer.FromHttpContentAsync<ProblemDetails>(problem, cancellationToken);
                return new ValidationApiException(response, text, settings) { Content = await reading.ConfigureAwait(false) };
            }
        }
        catch (Exception)
        {
            // A body that cannot be read must not hide the status it came with.
        }

        return new(response, text, settings, unreadable);
    }
}

/// <summary>Any error answer in application/problem+json; the raw body is the base's Content.</summary>
public class ValidationApiException : ApiException
{
    internal ValidationApiException(HttpResponseMessage response, string body, RefitSettings settings)
        : base(response, body, settings, null) { }

    public new ProblemDetails? Content { get; internal init; }
}

/// <summary>RFC 9457 problem details. Other members are JsonElements here; upstream's default options infer .NET types.</summary>
public class ProblemDetails
{
    public string? Type { get; set; } = "about:blank";
    public string? Title { get; set; }
    public int Status { get; set; }
    public string? Detail { get; set; }
    public string? Instance { get; set; }
    public Dictionary<string, string[]> Errors { get; init; } = [];
    [JsonExtensionData] public IDictionary<string, object> Extensions { get; init; } = new Dictionary<string, object>();
}
