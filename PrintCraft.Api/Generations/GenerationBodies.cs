using System.Text.Json;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

using PrintCraft.Api.Images;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>The JSON of a final generation, as the caller who used this address gets it until its images' signatures change.</summary>
internal sealed record PreparedBody(string Scheme, HostString Host, PathString PathBase, DateTimeOffset Expiry, ShownGeneration Shown);

/// <summary>A generation, and the JSON of it.</summary>
internal sealed record ShownGeneration(Generation Generation, byte[] Json);

/// <summary>
/// JSON of generations. That of a final one is made once a minute, when its image addresses get a new signature, and serves all who read it: signing and
/// writing it cost more than the rest of the request.
/// </summary>
public sealed class GenerationBodies(ImageUrls urls, IOptions<JsonOptions> json)
{
    internal ShownGeneration Of(ReadRow row, HttpRequest request, GenerationResources resources)
    {
        var expiry = urls.Expiry();
        if (row.Body is { } body && body.Expiry == expiry && body.Host == request.Host && body.Scheme == request.Scheme && body.PathBase == request.PathBase)
        {
            return body.Shown;
        }

        var made = Write(row.Generation, resources.From(row.Generation, queuePosition: null, expiry));
        row.Body = new PreparedBody(request.Scheme, request.Host, request.PathBase, expiry, made);
        return made;
    }

    internal ShownGeneration Write(Generation generation, GenerationResource resource) => new(generation, JsonSerializer.SerializeToUtf8Bytes(resource, json.Value.SerializerOptions));
}
