namespace OpenTelemetry.Instrumentation.AspNetCore;

/// <summary>Options of the spans of incoming requests.</summary>
public class AspNetCoreTraceInstrumentationOptions
{
    /// <summary>Decides at the start of a request whether it is traced; false or an exception drops it and what it causes.</summary>
    public Func<HttpContext, bool>? Filter { get; set; }

    /// <summary>Called with the finished response before the span ends.</summary>
    public Action<Activity, HttpResponse>? EnrichWithHttpResponse { get; set; }

    /// <summary>Whether an unhandled exception becomes an event of the span.</summary>
    public bool RecordException { get; set; }
}
