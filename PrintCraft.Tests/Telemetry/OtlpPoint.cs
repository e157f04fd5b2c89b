using System.Buffers.Binary;
using System.Text;

namespace PrintCraft.Tests.Telemetry;

/// <summary>One point of a metric, read from its wire (https://github.com/open-telemetry/opentelemetry-proto, metrics.proto): no more of it than tests ask for.</summary>
/// <param name="Series">The labels, as <c>a=1,b=2</c>, in the order of their names.</param>
/// <param name="Start">When the series began: another one for each process.</param>
/// <param name="Value">Of a gauge or a counter; the sum of a histogram.</param>
/// <param name="Count">Of a histogram.</param>
/// <param name="Bounds">Of a histogram.</param>
internal sealed record OtlpPoint(string Metric, string Unit, string Series, ulong Start, double Value, ulong Count, double[] Bounds)
{
    private const int Histogram = 9;

    /// <summary>Gauge, sum, histogram; each has data_points = 1.</summary>
    private static readonly int[] Kinds = [5, 7, Histogram];

    // MetricsData.resource_metrics = 1, ResourceMetrics.scope_metrics = 2, ScopeMetrics.metrics = 2.
    public static IEnumerable<OtlpPoint> Read(byte[] body) =>
        from resource in Messages(body, 1)
        from scope in Messages(resource, 2)
        from metric in Messages(scope, 2)
        from kind in Kinds
        from data in Messages(metric, kind)
        from point in Messages(data, 1)
        select Of(metric, point, kind == Histogram);

    private static OtlpPoint Of(byte[] metric, byte[] point, bool isHistogram)
    {
        var series = Messages(point, isHistogram ? 9 : 7).Select(label => $"{Text(label, 1)}={Text(Messages(label, 2).Single(), 1)}").Order(StringComparer.Ordinal);
        var value = isHistogram ? Double(point, 5) : Fixed(point, 6) is { } whole ? (long)whole : Double(point, 4);
        var bounds = isHistogram ? Messages(point, 7).SelectMany(Doubles) : [];
        return new(Text(metric, 1), Text(metric, 3), string.Join(',', series), Fixed(point, 2) ?? 0, value, isHistogram ? Fixed(point, 4) ?? 0 : 0, [.. bounds]);
    }

    private static IEnumerable<double> Doubles(byte[] packed) => packed.Chunk(8).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes));

    private static string Text(byte[] message, int field) => Messages(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

    private static double Double(byte[] message, int field) => Fixed(message, field) is { } bits ? BitConverter.UInt64BitsToDouble(bits) : 0;

    private static ulong? Fixed(byte[] message, int field) =>
        Fields(message).Where(one => one.Number == field && one.Bytes is null).Select(one => (ulong?)one.Value).FirstOrDefault();

    private static IEnumerable<byte[]> Messages(byte[] message, int field) => Fields(message).Where(one => one.Number == field && one.Bytes is not null).Select(one => one.Bytes!);

    /// <summary>https://protobuf.dev/programming-guides/encoding/</summary>
    private static IEnumerable<(int Number, ulong Value, byte[]? Bytes)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (number, Varint(message, ref at), null);
                    break;
                case 1:
                    yield return (number, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), null);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return (number, 0, message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    yield return (number, BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), null);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"Wire type {tag & 7}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
