using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace PrintCraft.Tests.Infrastructure;

public static class TestingBuilderExtensions
{
    /// <summary>Changes a project of the AppHost's model, before it is built.</summary>
    public static void Configure(this IDistributedApplicationTestingBuilder builder, string project, Action<IResourceBuilder<ProjectResource>> change) =>
        change(builder.CreateResourceBuilder((ProjectResource)builder.Resources.Single(resource => resource.Name == project)));
}
