using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

using PrintCraft.Core.Identity;

namespace PrintCraft.AppHost;

/// <summary>What a newcomer needs, printed once when the API is ready: the links, a credential of this run, and a line that makes an image.</summary>
internal static class StartBlock
{
    public static async Task WriteAsync(
        IResourceBuilder<ProjectResource> api, ParameterResource developmentKey, string mailFolder, IServiceProvider services, CancellationToken cancellationToken)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var url = api.GetEndpoint("http").Url;
        var key = await developmentKey.GetValueAsync(cancellationToken);
        var credential = DevelopmentCredential.Mint(key!, "dev");
        Console.WriteLine($$"""

              Studio      {{url}}
              Dashboard   {{DashboardAddress.LoginOf(configuration) ?? "off"}}
              API         {{url}}
              API docs    {{url}}/docs
              Credential  {{credential}}   (user dev, for this run)
              Letters     {{mailFolder}}

              Make an image:

              curl -s {{url}}/api/v1/generations -H 'Authorization: Bearer {{credential}}' -H 'Content-Type: application/json' -d '{"prompt":"a lighthouse above a stormy sea at sunset","style":"watercolor"}'

              Then read it at the address in links.self; imageUrl opens as a picture. Ctrl+C ends everything.

            """);
    }
}
