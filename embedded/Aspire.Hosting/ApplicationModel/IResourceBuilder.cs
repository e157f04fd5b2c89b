namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource while the AppHost describes it.</summary>
public interface IResourceBuilder<out T> where T : IResource
{
    /// <summary>The resource.</summary>
    T Resource { get; }

    internal IDistributedApplicationBuilder ApplicationBuilder { get; }
}

internal sealed class ResourceBuilder<T>(IDistributedApplicationBuilder applicationBuilder, T resource) : IResourceBuilder<T> where T : IResource
{
    public T Resource => resource;

    public IDistributedApplicationBuilder ApplicationBuilder => applicationBuilder;
}

internal static class ResourceAnnotations
{
    public static IResourceBuilder<T> Annotate<T>(this IResourceBuilder<T> builder, IResourceAnnotation annotation) where T : IResource
    {
        builder.Resource.Annotations.Add(annotation);
        return builder;
    }

    public static IResourceBuilder<T> RelateTo<T>(this IResourceBuilder<T> builder, IResource other, string type) where T : IResource =>
        builder.Annotate(new RelationshipAnnotation(other, type));

    public static IEnumerable<TAnnotation> All<TAnnotation>(this IResource resource) where TAnnotation : IResourceAnnotation =>
        resource.Annotations.OfType<TAnnotation>();
}

internal sealed record EnvironmentAnnotation(Action<IDictionary<string, string>> Apply) : IResourceAnnotation;

internal sealed record ArgumentsAnnotation(IReadOnlyList<string> Arguments) : IResourceAnnotation;

/// <summary>Wait until healthy, or with an expected exit code, until ended.</summary>
internal sealed record WaitAnnotation(IResource Dependency, int? ExpectedExitCode) : IResourceAnnotation;

internal sealed record HealthCheckAnnotation(string Key) : IResourceAnnotation;

internal sealed record RelationshipAnnotation(IResource Resource, string Type) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record IconAnnotation(string Name, IconVariant Variant) : IResourceAnnotation;

internal sealed record ReadyAnnotation(Func<ResourceReadyEvent, CancellationToken, Task> Callback) : IResourceAnnotation;

internal sealed record UrlForEndpointAnnotation(string EndpointName, Action<List<ResourceUrlAnnotation>, EndpointReference> Change) : IResourceAnnotation;
