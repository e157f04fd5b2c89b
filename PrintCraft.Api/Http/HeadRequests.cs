using Microsoft.AspNetCore.Http.Metadata;

namespace PrintCraft.Api.Http;

internal static class HeadRequests
{
    /// <summary>What answers GET answers HEAD too (RFC 9110, 9.3.2); Kestrel leaves the body out. Not a stream of events, whose body is all there is to it.</summary>
    public static T AnswersHead<T>(this T routes)
        where T : IEndpointConventionBuilder
    {
        routes.Finally(endpoint =>
        {
            if (endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { HttpMethods: ["GET"] } && !IsStream(endpoint))
            {
                endpoint.Metadata.Add(new HttpMethodMetadata(["GET", "HEAD"]));
            }
        });
        return routes;
    }

    private static bool IsStream(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IProducesResponseTypeMetadata>().Any(produced => produced.ContentTypes.Contains("text/event-stream"));
}
