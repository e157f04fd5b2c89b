using System.Diagnostics.Metrics;

namespace PrintCraft.Core.Generations;

/// <summary>
/// What becomes of jobs, as numbers. Each is told after the commit that made it true and by the one who made it: a process that dies in between loses a
/// count, and none is counted twice. Of an owner, a prompt or a job nothing is in a label.
/// </summary>
public sealed class GenerationMetrics
{
    private readonly Counter<long> _total;
    private readonly Histogram<double> _wait;
    private readonly Histogram<double> _duration;

    public GenerationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("PrintCraft.Generations");
        // From what is done at once to the hard deadline.
        var seconds = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600, 900] };
        _total = meter.CreateCounter<long>("generation_total", "{job}", "Total number of generations");
        _wait = meter.CreateHistogram("printcraft.jobs.queue_wait", "s", "From acceptance to the first claim by a worker.", tags: null, seconds);
        _duration = meter.CreateHistogram("printcraft.jobs.duration", "s", "From acceptance to the end.", tags: null, seconds);
    }

    /// <summary>A job was accepted.</summary>
    public void Created(string style) => Count("created", style);

    /// <summary>A worker has it for the first time.</summary>
    public void Begun(TimeSpan waited) => _wait.Record(Math.Max(0, waited.TotalSeconds));

    /// <summary>A job has ended.</summary>
    public void Ended(GenerationStatus status, string style, TimeSpan age)
    {
        var outcome = status switch
        {
            GenerationStatus.Succeeded => "succeeded",
            GenerationStatus.Failed => "failed",
            GenerationStatus.Canceled => "canceled",
            GenerationStatus.Pending or GenerationStatus.Processing => throw new ArgumentOutOfRangeException(nameof(status), status, "This is no end."),
        };
        Count(outcome, style);
        _duration.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("outcome", outcome));
    }

    private void Count(string status, string style) => _total.Add(1, new("status", status), new("style", style));
}
