using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>A profile of Properties/launchSettings.json.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyList<Uri> Urls, IReadOnlyDictionary<string, string> Variables)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The wanted profile if the project has it, else its first one that runs the project.</summary>
    public static LaunchProfile? Find(string projectFolder, string? wanted)
    {
        var file = Path.Combine(projectFolder, "Properties", "launchSettings.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using var settings = JsonDocument.Parse(File.ReadAllText(file), Lenient);
        if (!settings.RootElement.TryGetProperty("profiles", out var profiles))
        {
            return null;
        }

        var usable = profiles.EnumerateObject().Where(profile => Text(profile.Value, "commandName") == "Project").ToList();
        var chosen = usable.Where(profile => profile.Name == wanted).Concat(usable).Take(1).ToList();
        return chosen.Count == 0 ? null : Read(chosen[0]);
    }

    public void AddTo(IDictionary<string, string> variables)
    {
        variables.TryAdd("DOTNET_LAUNCH_PROFILE", Name);
        foreach (var (name, value) in Variables)
        {
            variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        }
    }

    private static LaunchProfile Read(JsonProperty profile)
    {
        var variables = profile.Value.TryGetProperty("environmentVariables", out var values)
            ? values.EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString() ?? "")
            : [];
        var urls = (Text(profile.Value, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new(profile.Name, [.. urls.Select(url => new Uri(url))], variables);
    }

    private static string? Text(JsonElement profile, string name) => profile.TryGetProperty(name, out var value) ? value.GetString() : null;
}
