using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static System.IO.UnixFileMode;
using Files = System.IO.Path;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Where one checkout keeps its servers' data and passwords: one folder per AppHost path, held by one run at a time through a file
/// lock that ends with the process; or a fresh temporary folder that goes with the run.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string TemporaryPrefix = "printcraft-run-";
    private readonly FileStream _held;

    private DataFolder(string path, FileStream held, bool temporary) => (Path, _held, IsTemporary) = (path, held, temporary);

    public string Path { get; }

    public bool IsTemporary { get; }

    /// <summary>What every checkout of this account shares: downloaded tools.</summary>
    public static string ToolsPath => Files.Combine(Root, "tools");

    private static string Root => Environment.GetEnvironmentVariable("PRINTCRAFT_DATA") is { Length: > 0 } wanted ? Files.GetFullPath(wanted)
        : Environment.IsPrivilegedProcess ? "/var/lib/printcraft"
        : Files.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "printcraft");

    public static DataFolder Open(string appHostProjectPath, bool temporary)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Files.GetFullPath(appHostProjectPath))));
        var path = temporary ? Files.Combine(TemporaryRoot(), TemporaryPrefix + Guid.NewGuid().ToString("N")[..10]) : Files.Combine(Root, hash[..10]);
        var pidFile = Files.Combine(path, "host.pid");
        try
        {
            Create(path);
            if (TryHold(Files.Combine(path, "lock")) is not { } held)
            {
                throw new DistributedApplicationException(
                    $"PrintCraft already runs from this folder (pid {File.ReadAllText(pidFile)}). Stop it first, or use another checkout.");
            }

            File.WriteAllText(pidFile, $"{Environment.ProcessId}");
            return new DataFolder(path, held, temporary);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new DistributedApplicationException(
                $"PrintCraft cannot write to {path}: {exception.Message} Make that folder writable for {Environment.UserName}.", exception);
        }
    }

    /// <summary>Makes a folder that, below root's, the servers' accounts can pass through but not list.</summary>
    public static void Create(string path)
    {
        if (!Directory.Exists(path))
        {
            Create(Files.GetDirectoryName(path)!);
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, UserRead | UserWrite | UserExecute | (Environment.IsPrivilegedProcess ? GroupExecute | OtherExecute : None));
        }
    }

    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not there; or a server wrote its last file this moment: the next run takes the rest.
        }
    }

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    public static void WritePrivate(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UserRead | UserWrite };
        using (var file = new StreamWriter(path + ".new", options))
        {
            file.Write(content);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Waits until no other process of the machine holds the file; the kernel opens it when its holder ends.</summary>
    public static async Task<IDisposable> HoldAsync(string path, CancellationToken cancellationToken)
    {
        Create(Files.GetDirectoryName(path)!);
        FileStream? held;
        while ((held = TryHold(path)) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
        }

        return held;
    }

    /// <summary>The secret of that name, made on first use; it lives as long as the data that it protects.</summary>
    public string Secret(string key, Func<string> generate)
    {
        lock (_held)
        {
            var file = Files.Combine(Path, "secrets.json");
            var secrets = File.Exists(file) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(file))! : [];
            if (secrets.TryAdd(key, generate()))
            {
                WritePrivate(file, JsonSerializer.Serialize(secrets));
            }

            return secrets[key];
        }
    }

    public void Dispose()
    {
        if (IsTemporary)
        {
            Delete(Path);
        }

        _held.Dispose();
    }

    /// <summary>The system's temporary folder, unless the servers' accounts are shut out of it. What killed runs left there goes.</summary>
    private static string TemporaryRoot()
    {
        var root = Files.GetTempPath();
        if (Environment.IsPrivilegedProcess && !File.GetUnixFileMode(root).HasFlag(OtherExecute))
        {
            Create(root = Files.Combine(Root, "tmp"));
        }

        foreach (var run in Directory.GetDirectories(root, TemporaryPrefix + "*"))
        {
            var file = Files.Combine(run, "lock");
            if (File.Exists(file) && TryHold(file) is { } held)
            {
                Delete(run);
                held.Dispose();
            }
        }

        return root;
    }

    private static FileStream? TryHold(string file)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (File.Exists(file) && exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
