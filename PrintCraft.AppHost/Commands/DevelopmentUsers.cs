using PrintCraft.Client;
using PrintCraft.Core.Identity;

namespace PrintCraft.AppHost.Commands;

/// <summary>Users of the development credential of this run.</summary>
internal sealed class DevelopmentUsers(EndpointReference api, ParameterResource developmentKey)
{
    public const string Admin = "admin";

    /// <summary>Where the API is.</summary>
    public string Address => api.Url;

    public async Task<string> CredentialAsync(string name, CancellationToken cancellationToken) =>
        DevelopmentCredential.Mint((await developmentKey.GetValueAsync(cancellationToken))!, name);

    /// <summary>The API, as that user calls it.</summary>
    public async Task<IPrintCraftApi> ApiOfAsync(string name, CancellationToken cancellationToken) =>
        PrintCraftClient.Create(new Uri(Address), await CredentialAsync(name, cancellationToken));
}
