using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>A pipeline that was added; its name is client, dash, pipeline.</summary>
public interface IHttpResiliencePipelineBuilder
{
    string PipelineName { get; }
    IServiceCollection Services { get; }
}

/// <summary>The standard pipeline that was added; its name is also that of its options.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    string PipelineName { get; }
    IServiceCollection Services { get; }
}
