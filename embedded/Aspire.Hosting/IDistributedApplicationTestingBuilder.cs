namespace Aspire.Hosting.Testing;

/// <summary>A builder that a test finishes.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder
{
    /// <summary>The application, not yet started.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
