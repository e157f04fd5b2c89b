namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource while the AppHost describes it.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>The builder of the application.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }
}

internal sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T> where T : IResource;

internal static class ResourceBuilding
{
    public static IResourceBuilder<T> Add<T>(this IDistributedApplicationBuilder builder, T resource) where T : IResource
    {
        if (builder.Resources.Any(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException($"There is already a resource named '{resource.Name}'.");
        }

        builder.Resources.Add(resource);
        return new ResourceBuilder<T>(builder, resource);
    }

    public static IResourceBuilder<T> Describe<T>(this IResourceBuilder<T> builder, Action<ResourceDescription> change) where T : IResource
    {
        change(builder.Resource.Description);
        return builder;
    }

    public static IResourceBuilder<T> RelateTo<T>(this IResourceBuilder<T> builder, IResource other, string type) where T : IResource =>
        builder.Describe(description => description.Relationships.Add(new RelationshipSnapshot(other.Name, type)));
}
