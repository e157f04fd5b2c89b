namespace PrintCraft.Cli.Images;

/// <summary>Where the images of a job go.</summary>
/// <param name="Path">As it was asked for; with several images, each has its number before the extension.</param>
/// <param name="Force">Whether what is there already may be replaced.</param>
internal sealed record ImageFile(string Path, bool Force)
{
    /// <summary>The file of an image: x.png, or of several x-0.png, x-1.png, …</summary>
    public string Of(int index, int count) =>
        count == 1 ? Path : System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path) ?? "", $"{System.IO.Path.GetFileNameWithoutExtension(Path)}-{index}{System.IO.Path.GetExtension(Path)}");

    /// <summary>Where it grows until it is whole: beside its target, so that a renaming is enough.</summary>
    public static string PartOf(string file) =>
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!, $".{System.IO.Path.GetFileName(file)}.{Guid.NewGuid():n}.part");

    /// <summary>What stands in the way, before anything is ordered; null when nothing does.</summary>
    public Failure? Obstacle(int count)
    {
        if (!System.IO.Path.GetExtension(Path).Equals(".png", StringComparison.OrdinalIgnoreCase))
        {
            return Failure.Usage("--out must end with .png: images are PNG files.");
        }

        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder && !Directory.Exists(folder))
        {
            return Failure.Usage($"There is no folder {folder}.", $"Make it: mkdir -p '{folder}'");
        }

        var files = Enumerable.Range(0, count).Select(index => Of(index, count)).ToList();
        return files.Find(Directory.Exists) is { } occupied ? Failure.Usage($"{occupied} is a folder.")
            : !Force && files.Find(File.Exists) is { } taken ? Failure.Usage($"{taken} is there already.", "Choose another name, or replace it with --force.")
            : CannotWrite() is { } why ? Failure.Usage($"{Path} cannot be written: {why}")
            : null;
    }

    /// <summary>Tries it with a file that is gone at once.</summary>
    private string? CannotWrite()
    {
        try
        {
            File.Create(PartOf(Path), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }
}
