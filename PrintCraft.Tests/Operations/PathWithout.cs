namespace PrintCraft.Tests.Operations;

/// <summary>A PATH on which some programs are missing though the machine has them: one folder of links to all the others.</summary>
public sealed class PathWithout : IDisposable
{
    public PathWithout(params string[] programs)
    {
        var all = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).DistinctBy(Path.GetFileName);
        foreach (var program in all.Where(program => !programs.Contains(Path.GetFileName(program))))
        {
            File.CreateSymbolicLink(Path.Combine(Folder, Path.GetFileName(program)), program);
        }
    }

    public string Folder { get; } = CreateFolder();

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Readable for the servers' accounts too.</summary>
    private static string CreateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("printcraft-path-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return folder;
    }
}
