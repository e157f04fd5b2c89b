using System.Text;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

using PrintCraft.Api.Http;

namespace PrintCraft.Api.Documentation;

/// <summary>The OpenAPI document, written once: anybody may read it, and making it takes longer than most requests.</summary>
internal sealed class OpenApiFile([FromKeyedServices(OpenApiFile.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly Lock _lock = new();
    private Task<File>? _file;

    public async Task<ContentHttpResult> AnswerAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        var file = await Once().WaitAsync(cancellationToken);
        response.Headers.ETag = file.Tag;
        return TypedResults.Text(file.Json, "application/json; charset=utf-8", Encoding.UTF8);
    }

    private Task<File> Once()
    {
        lock (_lock)
        {
            return _file is { IsFaulted: false } ? _file : _file = WriteAsync(CancellationToken.None);
        }
    }

    private async Task<File> WriteAsync(CancellationToken cancellationToken)
    {
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken);
        var json = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        return new File(json, ETags.Of([.. Encoding.UTF8.GetBytes(json).Select(one => (long)one)]));
    }

    private sealed record File(string Json, string Tag);
}
