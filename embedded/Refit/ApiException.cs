namespace Refit;

/// <summary>A call that failed.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Upstream's name.")]
public abstract class ApiExceptionBase : Exception
{
    private protected ApiExceptionBase(string message, Exception? cause) : base(message, cause) { }
}

/// <summary>No answer came: no connection, a timeout, an open circuit. Methods that return a bare Task throw the cause itself.</summary>
public class ApiRequestException : ApiExceptionBase
{
    internal ApiRequestException(Exception cause) : base(cause.Message, cause) { }
}

/// <summary>An answer with an error status, or one that could not be read. Upstream derives a ValidationApiException from it, for problem+json.</summary>
public class ApiException : ApiExceptionBase
{
    private ApiException(HttpResponseMessage response, string? content, Exception? unreadable)
        : base(
            unreadable is null
                ? $"Response status code does not indicate success: {(int)response.StatusCode} ({response.ReasonPhrase})."
                : "The response could not be deserialized.",
            unreadable) =>
        (StatusCode, Headers, Content) = (response.StatusCode, response.Headers, content);

    public HttpStatusCode StatusCode { get; }
    public HttpResponseHeaders Headers { get; }
    public string? Content { get; }

    internal static async Task<ApiException> CreateAsync(HttpResponseMessage response, Exception? unreadable, CancellationToken cancellationToken)
    {
        string? text = null;
        try
        {
            text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A body that cannot be read must not hide the status it came with.
        }

        return new(response, text, unreadable);
    }
}
