namespace Refit;

/// <summary>Verb and path of a method; {name} is an argument.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class HttpMethodAttribute : Attribute
{
    private protected HttpMethodAttribute(HttpMethod method, string path) => (Method, Path) = (method, path);

    internal HttpMethod Method { get; }
    internal string Path { get; }
}

public sealed class GetAttribute(string path) : HttpMethodAttribute(HttpMethod.Get, path);
public sealed class PostAttribute(string path) : HttpMethodAttribute(HttpMethod.Post, path);
public sealed class PutAttribute(string path) : HttpMethodAttribute(HttpMethod.Put, path);
public sealed class PatchAttribute(string path) : HttpMethodAttribute(HttpMethod.Patch, path);
public sealed class DeleteAttribute(string path) : HttpMethodAttribute(HttpMethod.Delete, path);

/// <summary>Sends the argument as a header; null sends none.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HeaderAttribute(string header) : Attribute { internal string Header => header; }

/// <summary>Sends the argument as the body, serialized.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BodyAttribute : Attribute;

/// <summary>Sends the argument in the query, where it goes without the attribute too. Upstream also flattens objects and formats collections.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueryAttribute : Attribute
{
    /// <summary>The .NET format string of the value.</summary>
    public string? Format { get; set; }
}

/// <summary>The name that the argument has in the path or query.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class AliasAsAttribute(string name) : Attribute { internal string Name => name; }
