using System.Text.Json;

using PrintCraft.Client;

using Refit;

namespace PrintCraft.Tests.Contract;

/// <summary>The typed client has a method for every operation that the document has, and none besides.</summary>
public sealed class ClientCoverageTests
{
    /// <summary>For people who run it, not for apps.</summary>
    private static readonly string[] NotForApps = ["get /health/details"];

    [Fact]
    public void Every_operation_has_a_method_and_every_method_an_operation()
    {
        var operations = JsonDocument.Parse(Snapshot.Read("docs/openapi.json")!).RootElement.GetProperty("paths").EnumerateObject()
            .Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal) || path.Name.StartsWith("/health/", StringComparison.Ordinal))
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name} {path.Name}"))
            .Except(NotForApps);
        var methods = typeof(IPrintCraftApi).GetMethods()
            .Select(method => method.GetCustomAttributesData().Single(attribute => attribute.AttributeType.IsSubclassOf(typeof(HttpMethodAttribute))))
            .Select(route => $"{route.AttributeType.Name.Replace("Attribute", "", StringComparison.Ordinal).ToLowerInvariant()} {((string)route.ConstructorArguments[0].Value!).Split('?')[0]}")
            .Distinct();

        Assert.Equal(operations.Order(StringComparer.Ordinal), methods.Order(StringComparer.Ordinal));
    }
}
