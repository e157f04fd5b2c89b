namespace Refit;

/// <summary>How bodies are written and read; upstream has many more settings.</summary>
public class RefitSettings(IHttpContentSerializer contentSerializer)
{
    public RefitSettings() : this(new SystemTextJsonContentSerializer()) { }

    internal IHttpContentSerializer ContentSerializer => contentSerializer;
}

/// <summary>Writes request bodies and reads answers. Upstream lets the caller implement it.</summary>
public interface IHttpContentSerializer
{
    internal HttpContent ToHttpContent<T>(T item);
    internal Task<T?> FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken = default);
}

/// <summary>JSON through System.Text.Json.</summary>
public sealed class SystemTextJsonContentSerializer(JsonSerializerOptions jsonSerializerOptions) : IHttpContentSerializer
{
    public SystemTextJsonContentSerializer() : this(GetDefaultJsonSerializerOptions()) { }

    /// <summary>Camel case, read in any case, numbers also from strings, enums as strings. Upstream also infers object members.</summary>
    internal static JsonSerializerOptions GetDefaultJsonSerializerOptions() => new()
    {
        PropertyNameCaseInsensitive = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    HttpContent IHttpContentSerializer.ToHttpContent<T>(T item)
    {
        // An interface or abstract type says nothing about the value, unless it is declared polymorphic.
        var byValue = item is not null && typeof(T).IsAbstract && jsonSerializerOptions.GetTypeInfo(typeof(T)).PolymorphismOptions is null;
        return JsonContent.Create(item, byValue ? item!.GetType() : typeof(T), options: jsonSerializerOptions);
    }

    Task<T?> IHttpContentSerializer.FromHttpContentAsync<T>(HttpContent content, CancellationToken cancellationToken) where T : default =>
        content.ReadFromJsonAsync<T>(jsonSerializerOptions, cancellationToken);
}
