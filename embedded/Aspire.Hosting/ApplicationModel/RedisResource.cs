using Aspire.Hosting.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server. Always without TLS.</summary>
public class RedisResource : ContainerResource, IResourceWithConnectionString
{
    internal RedisResource(string name, ParameterResource password, int? port) : base(name, password, port)
    {
    }

    string IResourceWithConnectionString.ConnectionString => ConnectionString;

    internal string ConnectionString => $"localhost:{Port},password={Password.Value}";

    IEnumerable<KeyValuePair<string, string>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", "localhost"),
        new("Port", $"{Port}"),
        new("Password", Password.Value),
        new("Uri", $"redis://:{Uri.EscapeDataString(Password.Value)}@localhost:{Port}"),
    ];

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output) =>
        new RedisServer(folder, KeepsData, Port, Password.Value, supervisor, output, Name);
}
