namespace PrintCraft.Tests.Embedded;

/// <summary>A fact about the projects under embedded/; skipped, visibly, where the build took the real packages.</summary>
public sealed class EmbeddedFactAttribute : FactAttribute
{
    public EmbeddedFactAttribute()
    {
        if (!EmbeddedSources.AreInUse)
        {
            Skip = "This build uses the real packages: no embedded assembly is there.";
        }
    }
}
