using System.Globalization;
using System.Text;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>Progress as models print it into their logs; there is no other on Replicate.</summary>
internal static class Tqdm
{
    /// <summary>Such as: <c> 40%|████      | 12/30 [00:01&lt;00:02,  8.11it/s]</c>.</summary>
    public static string Line(int step, int steps, TimeSpan elapsed)
    {
        const string Eighths = " ▏▎▍▌▋▊▉";
        int eighths = step * 80 / steps;
        var bar = new StringBuilder().Append('█', eighths / 8).Append(eighths % 8 == 0 ? "" : Eighths[eighths % 8]);
        double rate = step / Math.Max(elapsed.TotalSeconds, 0.001);
        var left = TimeSpan.FromSeconds((steps - step) / rate);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{step * 100 / steps,3}%|{bar,-10}| {step}/{steps} [{elapsed:mm\\:ss}<{left:mm\\:ss}, {rate,5:0.00}it/s]\n");
    }
}
