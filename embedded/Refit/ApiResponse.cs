namespace Refit;

/// <summary>An answer with its status and headers, or why there is none; a method that returns it throws only when cancelled.</summary>
public interface IApiResponse : IDisposable
{
    HttpRequestMessage? RequestMessage { get; }
    HttpStatusCode? StatusCode { get; }
    HttpResponseHeaders? Headers { get; }
    HttpContentHeaders? ContentHeaders { get; }
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))] bool IsSuccessStatusCode { get; }
    /// <summary>A success status, and the content could be read.</summary>
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))] bool IsSuccessful { get; }
    /// <summary>An ApiException when an answer came, an ApiRequestException when none did.</summary>
    ApiExceptionBase? Error { get; }
}

/// <summary>An answer with content.</summary>
public interface IApiResponse<out T> : IApiResponse
{
    T? Content { get; }
    [MemberNotNullWhen(true, nameof(Content))] bool HasContent { get; }
    [MemberNotNullWhen(true, nameof(Content))] bool IsSuccessfulWithContent { get; }
}

/// <summary>An answer with content.</summary>
public sealed class ApiResponse<T> : IApiResponse<T>
{
    private readonly HttpResponseMessage? _response;

    internal ApiResponse(HttpRequestMessage request, HttpResponseMessage? response, T? content, ApiExceptionBase? error) =>
        (RequestMessage, _response, Content, Error) = (request, response, content, error);

    public HttpRequestMessage RequestMessage { get; }
    public HttpStatusCode? StatusCode => _response?.StatusCode;
    public HttpResponseHeaders? Headers => _response?.Headers;
    public HttpContentHeaders? ContentHeaders => _response?.Content.Headers;
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))]
    public bool IsSuccessStatusCode => _response?.IsSuccessStatusCode ?? false;
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))] public bool IsSuccessful => IsSuccessStatusCode && Error is null;
    public ApiExceptionBase? Error { get; }
    public T? Content { get; }
    [MemberNotNullWhen(true, nameof(Content))] public bool HasContent => Content is not null;
    [MemberNotNullWhen(true, nameof(Content))] public bool IsSuccessfulWithContent => IsSuccessful && HasContent;

    public void Dispose() => _response?.Dispose();
}
