using System.Runtime.InteropServices;

namespace PrintCraft.Core.Images;

/// <summary>A thread that gives way to every other, and so do those that it starts. Only on Linux, where .NET's own priorities do nothing.</summary>
internal static class QuietThread
{
    /// <summary>Of a whole core, while others want it too, about a thirtieth is left.</summary>
    private const int Niceness = 15;

    private const int OfThisThread = 0;

    /// <summary>For the rest of its life.</summary>
    public static void Begin()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(OfThisThread, OfThisThread, Niceness);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, int who, int priority);
}
