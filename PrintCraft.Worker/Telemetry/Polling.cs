using OpenTelemetry;

namespace PrintCraft.Worker.Telemetry;

/// <summary>Loops ask the database several times a second and mostly find nothing: a span of each would bury the traces that tell something.</summary>
internal static class Polling
{
    /// <summary>No spans are made until the answer is disposed.</summary>
    public static IDisposable WithoutSpans() => SuppressInstrumentationScope.Begin();
}
