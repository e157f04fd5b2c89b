namespace Refit;

/// <summary>How bodies are written and read; upstream has many more settings, and a default for this one.</summary>
public class RefitSettings(IHttpContentSerializer contentSerializer)
{
    internal JsonSerializerOptions Json => contentSerializer.Json;
}

/// <summary>Writes request bodies and reads answers, here always as JSON. Upstream lets the caller implement it.</summary>
public interface IHttpContentSerializer
{
    internal JsonSerializerOptions Json { get; }
}

/// <summary>JSON through System.Text.Json.</summary>
public sealed class SystemTextJsonContentSerializer(JsonSerializerOptions jsonSerializerOptions) : IHttpContentSerializer
{
    JsonSerializerOptions IHttpContentSerializer.Json => jsonSerializerOptions;
}
