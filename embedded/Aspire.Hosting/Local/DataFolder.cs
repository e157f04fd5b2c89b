using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using static System.IO.UnixFileMode;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Where one checkout keeps its servers' data and passwords: one folder per AppHost path, held by one run at a time through a file
/// lock that ends with the process; or a fresh temporary folder that goes with the run.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    internal const string TemporaryPrefix = "printcraft-run-";
    internal const UnixFileMode Traversable = UserRead | UserWrite | UserExecute | GroupExecute | OtherExecute;
    internal const UnixFileMode Private = UserRead | UserWrite;

    private readonly FileStream _lock;
    private readonly Lock _gate = new();

    private DataFolder(string path, FileStream fileLock, bool temporary) => (Path, _lock, IsTemporary) = (path, fileLock, temporary);

    public string Path { get; }

    public bool IsTemporary { get; }

    /// <summary>What every checkout of this account shares: downloaded tools.</summary>
    public static string ToolsPath => System.IO.Path.Combine(Root, "tools");

    private static string Root => Environment.IsPrivilegedProcess ? "/var/lib/printcraft" : System.IO.Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "printcraft");

    private string SecretsFile => System.IO.Path.Combine(Path, "secrets.json");

    public static DataFolder Open(string appHostProjectPath, bool temporary)
    {
        var path = System.IO.Path.Combine(Root, Hash(System.IO.Path.GetFullPath(appHostProjectPath)));
        if (temporary)
        {
            path = System.IO.Path.Combine(TemporaryRoot(), TemporaryPrefix + Guid.NewGuid().ToString("N")[..10]);
        }

        try
        {
            Create(path);
            return new DataFolder(path, Hold(path), temporary);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new DistributedApplicationException(
                $"PrintCraft cannot write to {path}: {exception.Message} Make that folder writable for {Environment.UserName}.", exception);
        }
    }

    /// <summary>Makes a folder that the servers' accounts can pass through but not list.</summary>
    public static void Create(string path)
    {
        if (!Directory.Exists(path))
        {
            Create(System.IO.Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path);
            File.SetUnixFileMode(path, Environment.IsPrivilegedProcess ? Traversable : UserRead | UserWrite | UserExecute);
        }
    }

    /// <summary>The secret of that name, made on first use; it lives as long as the data that it protects.</summary>
    public string Secret(string key, Func<string> generate)
    {
        lock (_gate)
        {
            var secrets = File.Exists(SecretsFile)
                ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(SecretsFile))!
                : [];
            if (secrets.TryGetValue(key, out var known))
            {
                return known;
            }

            secrets[key] = generate();
            WritePrivate(SecretsFile, JsonSerializer.Serialize(secrets));
            return secrets[key];
        }
    }

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    public static void WritePrivate(string path, string content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private };
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose()
    {
        if (IsTemporary)
        {
            Delete(Path);
        }

        _lock.Dispose();
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..10];

    /// <summary>The system's temporary folder, unless the servers' accounts are shut out of it. What killed runs left there goes.</summary>
    private static string TemporaryRoot()
    {
        var system = System.IO.Path.GetTempPath().TrimEnd('/');
        var open = !Environment.IsPrivilegedProcess || Ancestors(system).All(folder => File.GetUnixFileMode(folder).HasFlag(OtherExecute));
        var root = open ? system : System.IO.Path.Combine(Root, "tmp");
        Create(root);
        foreach (var left in Directory.EnumerateDirectories(root, TemporaryPrefix + "*"))
        {
            try
            {
                using var held = new FileStream(System.IO.Path.Combine(left, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                Delete(left);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Another run's.
            }
        }

        return root;

        static IEnumerable<string> Ancestors(string? path)
        {
            for (; path is not null; path = System.IO.Path.GetDirectoryName(path))
            {
                yield return path;
            }
        }
    }

    private static FileStream Hold(string path)
    {
        var lockFile = System.IO.Path.Combine(path, "lock");
        var pidFile = System.IO.Path.Combine(path, "host.pid");
        try
        {
            var held = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException) when (File.Exists(lockFile) && File.Exists(pidFile))
        {
            throw new DistributedApplicationException(
                $"PrintCraft already runs from this folder (pid {File.ReadAllText(pidFile)}). Stop it first, or use another checkout.");
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A server wrote its last file this moment: the next run's sweep takes the rest.
        }
    }
}
