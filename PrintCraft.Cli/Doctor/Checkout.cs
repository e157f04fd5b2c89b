using System.Text.Json;
using System.Xml;
using System.Xml.Linq;

namespace PrintCraft.Cli.Doctor;

/// <summary>The checkout of PrintCraft that one stands in: what its SDK and its mode are.</summary>
internal sealed record Checkout(string Folder)
{
    private const string ModeVariable = "PrintCraftMode";

    /// <summary>The folder or one above it that holds PrintCraft.sln; null outside of a checkout.</summary>
    public static Checkout? Find(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PrintCraft.sln")))
            {
                return new Checkout(at.FullName);
            }
        }

        return null;
    }

    /// <summary>What global.json asks for.</summary>
    public string WantedSdk()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "global.json")));
        return document.RootElement.GetProperty("sdk").GetProperty("version").GetString() ?? "";
    }

    /// <summary>aspire or embedded, and why; null until the first build has chosen. As eng/Mode.props reads it.</summary>
    public (string Mode, string Reason)? Mode()
    {
        var forced = Environment.GetEnvironmentVariable(ModeVariable);
        var file = Path.Combine(Folder, "artifacts", forced is { Length: > 0 } ? $"mode-{forced}.props" : "mode.props");
        if (File.Exists(file))
        {
            try
            {
                var root = XDocument.Load(file).Root;
                if (Value("PrintCraftMode") is { } mode)
                {
                    return (mode, Value("PrintCraftModeReason") ?? "");
                }

                string? Value(string name) => root?.Descendants(name).FirstOrDefault()?.Value;
            }
            catch (XmlException)
            {
                // Written half: the next build writes it again.
            }
        }

        return forced is { Length: > 0 } ? (forced, "asked for by PrintCraftMode") : null;
    }
}
