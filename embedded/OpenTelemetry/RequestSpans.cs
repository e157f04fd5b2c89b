namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>
/// Fills in the request activity that ASP.NET Core 10 starts bare. It listens to the framework's diagnostic events, not from
/// a middleware: they come before the first and after the last middleware, when the status of a failed request is known.
/// </summary>
internal sealed partial class RequestSpans : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";
    private const string Start = Request + ".Start";
    private const string Stop = Request + ".Stop";
    private const string UnhandledByHost = "Microsoft.AspNetCore.Hosting.UnhandledException";
    private const string UnhandledByPage = "Microsoft.AspNetCore.Diagnostics.UnhandledException";

    private readonly AspNetCoreTraceInstrumentationOptions _options;
    private readonly ConcurrentBag<IDisposable> _subscriptions = [];

    public RequestSpans(AspNetCoreTraceInstrumentationOptions options)
    {
        _options = options;
        _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "Microsoft.AspNetCore")
        {
            _subscriptions.Add(value.Subscribe(this, name => name is Request or Start or Stop or UnhandledByHost or UnhandledByPage));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            switch (value.Key)
            {
                case Start when value.Value is HttpContext context:
                    Begin(activity, context);
                    break;
                case Stop when value.Value is HttpContext context:
                    End(activity, context);
                    break;
                case UnhandledByHost or UnhandledByPage:
                    // The payload is an anonymous object.
                    Fail(activity, (Exception)value.Value!.GetType().GetProperty("exception")!.GetValue(value.Value)!);
                    break;
            }
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Begin(Activity activity, HttpContext context)
    {
        if (!IsWanted(context))
        {
            activity.IsAllDataRequested = false;
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        var request = context.Request;
        var known = request.Method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "CONNECT" or "TRACE";
        activity.DisplayName = known ? request.Method : "HTTP";
        activity.SetTag("http.request.method", known ? request.Method : "_OTHER");
        activity.SetTag("http.request.method_original", known ? null : request.Method);
        activity.SetTag("server.address", request.Host.HasValue ? request.Host.Host : null);
        activity.SetTag("server.port", request.Host.Port);
        activity.SetTag("url.scheme", request.Scheme);
        activity.SetTag("url.path", (request.PathBase + request.Path) is { HasValue: true } path ? path.ToUriComponent() : "/");
        activity.SetTag("url.query", request.QueryString.HasValue ? QueryValue.Replace(request.QueryString.Value!, "=Redacted") : null);
        activity.SetTag("user_agent.original", request.Headers.UserAgent is [{ Length: > 0 } agent, ..] ? agent : null);
        activity.SetTag("network.protocol.version", request.Protocol.Split('/')[^1]);
    }

    private bool IsWanted(HttpContext context)
    {
        try
        {
            return _options.Filter?.Invoke(context) ?? true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    private void End(Activity activity, HttpContext context)
    {
        // The exception handler clears the endpoint before it runs the pipeline again, and keeps the first one in Items.
        var endpoint = context.GetEndpoint() ?? context.Items["__OriginalEndpoint"] as Endpoint;
        if (endpoint?.Metadata.GetMetadata<IRouteDiagnosticsMetadata>()?.Route is { } route)
        {
            activity.SetTag("http.route", route is "" ? "/" : route);
            activity.DisplayName += $" {(route is "" ? "/" : route)}";
        }

        activity.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }

        _options.EnrichWithHttpResponse?.Invoke(activity, context.Response);
    }

    private void Fail(Activity activity, Exception exception)
    {
        activity.SetTag("error.type", exception.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error);
        if (_options.RecordException)
        {
            activity.AddException(exception);
        }
    }

    [GeneratedRegex("=[^&]*")]
    private static partial Regex QueryValue { get; }
}
