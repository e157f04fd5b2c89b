using System.Xml.Linq;

using Microsoft.AspNetCore.DataProtection.Repositories;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Identity;

/// <summary>Keeps Data Protection's keys in Postgres. The framework asks seldom, and not asynchronously.</summary>
internal sealed class ProtectionKeys(IServiceScopeFactory scopes, TimeProvider time) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        return [.. scope.ServiceProvider.GetRequiredService<PrintCraftDb>().DataProtectionKeys.Select(key => key.Xml).ToList().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
        db.DataProtectionKeys.Add(new DataProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), CreatedAt = time.GetUtcNow() });
        db.SaveChanges();
    }
}
