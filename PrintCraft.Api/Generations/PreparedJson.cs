using System.Net.Mime;
using System.Reflection;

using Microsoft.AspNetCore.Http.Metadata;

namespace PrintCraft.Api.Generations;

/// <summary>200 with the JSON of a <typeparamref name="T"/> that was written before, or elsewhere.</summary>
internal sealed class PreparedJson<T>(ReadOnlyMemory<byte> json) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public int? StatusCode => StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), [MediaTypeNames.Application.Json]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        return response.BodyWriter.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}
