using System.Text;

using Microsoft.Win32.SafeHandles;

namespace PrintCraft.Cli.Output;

/// <summary>
/// The console takes what is written into a closed pipe and says nothing, so that `printcraft jobs watch | head -n 1` would never end. Written to as the
/// file that it is, it says so, and that ends the command.
/// </summary>
internal static class StandardOutput
{
    /// <summary>EPIPE, as .NET hands it on.</summary>
    private const int NobodyReads = 32;

    public static void Open()
    {
        if (Console.IsOutputRedirected && !OperatingSystem.IsWindows())
        {
            var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // A real file it would write to at a place of its own, over what others write there.
            if (!pipe.CanSeek)
            {
                Console.SetOut(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
            }
        }
    }

    public static bool IsClosed(Exception exception) => exception is IOException { HResult: NobodyReads };
}
