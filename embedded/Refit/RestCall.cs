namespace Refit;

/// <summary>Sends a request and turns the answer into what the method returns.</summary>
internal static class RestCall
{
    public delegate Task Send(HttpClient client, HttpRequestMessage request, JsonSerializerOptions json, CancellationToken cancellationToken);

    public static Send For(MethodInfo method)
    {
        if (method.ReturnType == typeof(Task))
        {
            return SendAsync;
        }

        var result = method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? method.ReturnType.GenericTypeArguments[0]
            : throw new NotSupportedException($"{method.Name}: embedded mode covers methods that return Task or Task<T>.");
        var body = result.IsAssignableTo(typeof(IApiResponse)) ? result.GenericTypeArguments[0] : result;
        var typed = new Func<Send>(For<object, object>).Method.GetGenericMethodDefinition().MakeGenericMethod(result, body);
        return typed.CreateDelegate<Func<Send>>()();
    }

    private static Send For<TResult, TBody>() => SendAsync<TResult, TBody>;

    private static async Task SendAsync(HttpClient client, HttpRequestMessage request, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        using var sent = request;
        using var response = await client.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await ApiException.CreateAsync(response, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<TResult?> SendAsync<TResult, TBody>(
        HttpClient client, HttpRequestMessage request, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        using var sent = request;
        var isApiResponse = typeof(TResult) != typeof(TBody);
        HttpResponseMessage? response = null;
        ApiExceptionBase? error = null;
        object? body = null;
        try
        {
            response = await client.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode || typeof(TResult) == typeof(HttpResponseMessage))
            {
                body = await ReadAsync<TBody>(response, json, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                error = await ApiException.CreateAsync(response, null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested
            || (isApiResponse && response is not null))
        {
            error = response is null ? new ApiRequestException(cause) : await ApiException.CreateAsync(response, cause, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (typeof(TBody) != typeof(HttpResponseMessage))
            {
                response?.Dispose();
            }
        }

        return isApiResponse ? (TResult)(object)new ApiResponse<TBody>(response, (TBody?)body, error)
            : error is null ? (TResult?)body : throw error;
    }

    private static async Task<object?> ReadAsync<T>(HttpResponseMessage response, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        if (typeof(T) == typeof(HttpResponseMessage))
        {
            return response;
        }

        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
        {
            return default(T);
        }

        // Buffered, so that an answer that cannot be deserialized can still be shown.
        await response.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        return await response.Content.ReadFromJsonAsync<T>(json, cancellationToken).ConfigureAwait(false);
    }
}
