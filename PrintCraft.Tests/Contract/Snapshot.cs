using Xunit.Sdk;

namespace PrintCraft.Tests.Contract;

/// <summary>A file of the repository that is made from the code. <c>UPDATE_SNAPSHOTS=1 dotnet test</c> writes it anew.</summary>
internal static class Snapshot
{
    public static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    public static string? Read(string file) => File.Exists(PathOf(file)) ? File.ReadAllText(PathOf(file)) : null;

    public static void Check(string file, string content)
    {
        if (Read(file) == content)
        {
            return;
        }

        if (!IsUpdating)
        {
            throw new XunitException($"{file} is older than the code. Look at what changed, then: UPDATE_SNAPSHOTS=1 dotnet test --filter FullyQualifiedName~Contract");
        }

        File.WriteAllText(PathOf(file), content);
    }

    private static string PathOf(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrintCraft.sln")))
        {
            folder = folder.Parent ?? throw new XunitException("The tests do not run inside the repository.");
        }

        return Path.Combine(folder.FullName, file);
    }
}
