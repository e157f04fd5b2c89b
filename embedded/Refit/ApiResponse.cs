namespace Refit;

/// <summary>An answer with its status and headers, or why there is none; a method that returns it throws only when cancelled.</summary>
public interface IApiResponse : IDisposable
{
    HttpStatusCode? StatusCode { get; }
    HttpResponseHeaders? Headers { get; }
    /// <summary>A success status, and the content could be read.</summary>
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))] bool IsSuccessful { get; }
    /// <summary>An ApiException when an answer came, an ApiRequestException when none did.</summary>
    ApiExceptionBase? Error { get; }
}

/// <summary>An answer with content.</summary>
public interface IApiResponse<out T> : IApiResponse
{
    T? Content { get; }
}

/// <summary>An answer with content.</summary>
public sealed class ApiResponse<T> : IApiResponse<T>
{
    private readonly HttpResponseMessage? _response;

    internal ApiResponse(HttpResponseMessage? response, T? content, ApiExceptionBase? error) => (_response, Content, Error) = (response, content, error);

    public HttpStatusCode? StatusCode => _response?.StatusCode;
    public HttpResponseHeaders? Headers => _response?.Headers;
    [MemberNotNullWhen(true, nameof(Headers), nameof(StatusCode))] public bool IsSuccessful => _response is { IsSuccessStatusCode: true } && Error is null;
    public ApiExceptionBase? Error { get; }
    public T? Content { get; }

    public void Dispose() => _response?.Dispose();
}
