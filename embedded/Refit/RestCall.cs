namespace Refit;

/// <summary>Sends a request and turns the answer into what the method returns.</summary>
internal static class RestCall
{
    public delegate Task Send(
        HttpClient client, HttpRequestMessage request, RefitSettings settings, bool buffered, CancellationToken cancellationToken);

    public static Send For(MethodInfo method)
    {
        if (method.ReturnType == typeof(Task))
        {
            return SendAsync;
        }

        var result = method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? method.ReturnType.GenericTypeArguments[0]
            : throw new NotSupportedException($"{method.Name}: embedded mode covers methods that return Task or Task<T>.");
        var body = !result.IsAssignableTo(typeof(IApiResponse)) ? result
            : result.IsGenericType ? result.GenericTypeArguments[0] : typeof(string);
        var typed = new Func<Send>(For<object, object>).Method.GetGenericMethodDefinition().MakeGenericMethod(result, body);
        return typed.CreateDelegate<Func<Send>>()();
    }

    private static Send For<TResult, TBody>() => SendAsync<TResult, TBody>;

    private static async Task SendAsync(
        HttpClient client, HttpRequestMessage request, RefitSettings settings, bool buffered, CancellationToken cancellationToken)
    {
        using var sent = await BufferAsync(request, buffered, cancellationToken).ConfigureAwait(false);
        using var response = await client.SendAsync(sent, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            throw await ApiException.CreateAsync(response, settings, null, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<TResult?> SendAsync<TResult, TBody>(
        HttpClient client, HttpRequestMessage request, RefitSettings settings, bool buffered, CancellationToken cancellationToken)
    {
        using var sent = await BufferAsync(request, buffered, cancellationToken).ConfigureAwait(false);
        var isApiResponse = typeof(TResult) != typeof(TBody);
        HttpResponseMessage? response = null;
        ApiExceptionBase? error = null;
        object? body = null;
        try
        {
            response = await client.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode || typeof(TResult) == typeof(HttpResponseMessage))
            {
                body = await ReadAsync<TBody>(response, settings, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                error = await ApiException.CreateAsync(response, settings, null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested
            || (isApiResponse && response is not null))
        {
            error = response is null
                ? new ApiRequestException(request, cause)
                : await ApiException.CreateAsync(response, settings, cause, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (typeof(TBody) != typeof(HttpResponseMessage))
            {
                response?.Dispose();
            }
        }

        return isApiResponse ? (TResult)(object)new ApiResponse<TBody>(request, response, (TBody?)body, error)
            : error is null ? (TResult?)body : throw error;
    }

    private static async Task<object?> ReadAsync<T>(
        HttpResponseMessage response, RefitSettings settings, CancellationToken cancellationToken)
    {
        var content = response.Content;
        if (typeof(T) == typeof(HttpResponseMessage) || typeof(T) == typeof(string))
        {
            return typeof(T) == typeof(string) ? await content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false) : response;
        }

        if (response.StatusCode == HttpStatusCode.NoContent || content.Headers.ContentLength == 0)
        {
            return default(T);
        }

        // Buffered, so that an answer that cannot be deserialized can still be shown.
        await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        return await settings.ContentSerializer.FromHttpContentAsync<T>(content, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<HttpRequestMessage> BufferAsync(
        HttpRequestMessage request, bool buffered, CancellationToken cancellationToken)
    {
        await (buffered ? request.Content!.LoadIntoBufferAsync(cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
        return request;
    }
}
