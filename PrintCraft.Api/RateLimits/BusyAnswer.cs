using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.RateLimits;

/// <summary>The 503 of a process that has no place free: as every problem, but written once and not for each of the many who get it; only the trace is theirs.</summary>
internal sealed class BusyAnswer
{
    private static readonly string NoTrace = new('0', 32);

    private readonly byte[] _body;
    private readonly int _traceAt;
    private readonly string _retryAfter;

    public BusyAnswer(TimeSpan retryAfter, JsonSerializerOptions json)
    {
        var seconds = (int)Math.Ceiling(retryAfter.TotalSeconds);
        var problem = Problem.Details(ProblemCode.ServiceUnavailable);
        problem.Extensions["traceId"] = NoTrace;
        problem.Extensions["retryAfter"] = seconds;
        _body = JsonSerializer.SerializeToUtf8Bytes(problem, json);
        _traceAt = _body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NoTrace));
        _retryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    public Task WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/problem+json";
        response.ContentLength = _body.Length;
        response.Headers.RetryAfter = _retryAfter;
        var body = response.BodyWriter.GetSpan(_body.Length);
        _body.CopyTo(body);
        Encoding.ASCII.GetBytes(Activity.Current?.TraceId.ToHexString() ?? NoTrace, body[_traceAt..]);
        response.BodyWriter.Advance(_body.Length);
        return response.BodyWriter.FlushAsync(cancellationToken).AsTask();
    }
}
