namespace PrintCraft.Api.Http;

/// <summary>Addresses of this API as the caller reached it.</summary>
internal static class OwnAddress
{
    /// <param name="path">From the root, with its query.</param>
    public static string AddressOf(this HttpRequest request, string path) => $"{request.Scheme}://{request.Host}{request.PathBase}{path}";
}
