namespace PrintCraft.Tests.Infrastructure;

/// <summary>A fact that needs Node.js and its packages; skipped, visibly, where there is none.</summary>
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!DashboardFactAttribute.IsPossible)
        {
            Skip = "This test runs npm packages: it needs Node.js and npm (apt-get install nodejs npm).";
        }
    }
}
