using System.Diagnostics;

using OpenTelemetry;

namespace PrintCraft.Tests.Embedded;

/// <summary>An exporter that ends in a list.</summary>
internal sealed class KeptSpans : BaseExporter<Activity>
{
    private readonly List<Activity> _spans = [];

    public List<Activity> Where(Predicate<Activity> isWanted)
    {
        lock (_spans)
        {
            return _spans.FindAll(isWanted);
        }
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var span in batch)
        {
            lock (_spans)
            {
                _spans.Add(span);
            }
        }

        return ExportResult.Success;
    }
}
