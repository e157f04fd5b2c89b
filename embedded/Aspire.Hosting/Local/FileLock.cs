namespace Aspire.Hosting.Embedded;

/// <summary>One process at a time on this machine; the kernel opens it when the holder ends.</summary>
internal static class FileLock
{
    public static async Task<IDisposable> HoldAsync(string path, CancellationToken cancellationToken)
    {
        DataFolder.Create(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
            }
        }
    }
}
