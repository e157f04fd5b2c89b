namespace PrintCraft.Cli.Output;

/// <summary>How a failure is told: what, the code, the options that are wrong, what to do, the trace.</summary>
internal static class FailureText
{
    public static IEnumerable<string> Lines(Failure failure)
    {
        yield return $"printcraft: {failure.Message} ({failure.Code})";
        foreach (var detail in failure.Details ?? [])
        {
            yield return $"  {detail.Field} {detail.Message}";
        }

        if (failure.Advice is { } advice)
        {
            yield return $"  {advice}";
        }

        if (failure.TraceId is { } trace)
        {
            yield return $"  Trace {trace}";
        }
    }

    /// <summary>The same as one document; its shape is in docs/cli.md.</summary>
    public static object Document(Failure failure) => new
    {
        error = new { failure.Code, failure.Message, details = failure.Details ?? [] },
        failure.Advice,
        failure.TraceId,
        generationId = failure.Job,
        exitCode = (int)failure.Exit,
    };
}
