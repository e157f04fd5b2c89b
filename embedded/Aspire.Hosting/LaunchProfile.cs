using System.Text.Json;

namespace Aspire.Hosting;

/// <summary>A profile of Properties/launchSettings.json.</summary>
internal sealed record LaunchProfile(string? CommandName, string? ApplicationUrl, Dictionary<string, string>? EnvironmentVariables)
{
    private static readonly JsonSerializerOptions Lenient =
        new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public string Name { get; private init; } = "";

    /// <summary>The wanted profile if the project has it, else its first one that runs the project.</summary>
    public static LaunchProfile? Find(string? projectFolder, string? wanted)
    {
        var file = Path.Combine(projectFolder ?? "", "Properties", "launchSettings.json");
        var settings = File.Exists(file) ? JsonSerializer.Deserialize<Settings>(File.ReadAllText(file), Lenient) : null;
        return settings?.Profiles?.Where(profile => profile.Value.CommandName == "Project")
            .OrderByDescending(profile => profile.Key == wanted).Select(profile => profile.Value with { Name = profile.Key }).FirstOrDefault();
    }

    /// <summary>Never overrides what is there.</summary>
    public void AddTo(IDictionary<string, string> variables)
    {
        foreach (var (name, value) in (EnvironmentVariables ?? []).Prepend(new("DOTNET_LAUNCH_PROFILE", Name)))
        {
            variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
        }
    }

    private sealed record Settings(Dictionary<string, LaunchProfile>? Profiles);
}
