namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The standard pipeline that was added; its name, client, dash, "standard", is also that of its options.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    string PipelineName { get; }
}
