namespace Aspire.Hosting;

/// <summary>A service that somebody else runs.</summary>
public sealed class ExternalServiceResource : Resource
{
    internal ExternalServiceResource(string name, Uri uri) : base(name) => Uri = uri;

    internal Uri Uri { get; }
}
