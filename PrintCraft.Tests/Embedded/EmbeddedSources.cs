using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PrintCraft.Tests.Embedded;

/// <summary>The projects under embedded/: where they lie, what they build, how long they are.</summary>
internal static partial class EmbeddedSources
{
    private static readonly string[] CodeFiles = [".cs", ".proto", ".props", ".targets", ".csproj"];

    /// <summary>What the build wrote into the AppHost.</summary>
    public static bool AreInUse { get; } = typeof(Projects.PrintCraft_AppHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Any(metadata => metadata is { Key: "PrintCraftMode", Value: "embedded" });

    public static string Folder { get; } = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Projects.PrintCraft_AppHost.ProjectPath))!, "embedded");

    /// <summary>The names of the assemblies that the projects build.</summary>
    public static IEnumerable<string> AssemblyNames => Directory.EnumerateFiles(Folder, "*.csproj", SearchOption.AllDirectories).Select(project =>
        XDocument.Load(project).Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project));

    /// <summary>Lines of each file that are neither blank nor comment.</summary>
    public static IReadOnlyDictionary<string, int> LinesOfCode() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(file => CodeFiles.Contains(Path.GetExtension(file)))
        .ToDictionary(file => Path.GetRelativePath(Folder, file), file => LinesOfCode(File.ReadAllText(file)));

    public static int LinesOfCode(string text) =>
        XmlComment().Replace(text, "").Split('\n').Count(line => !string.IsNullOrWhiteSpace(line) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    [GeneratedRegex("<!--.*?-->", RegexOptions.Singleline)]
    private static partial Regex XmlComment();
}
