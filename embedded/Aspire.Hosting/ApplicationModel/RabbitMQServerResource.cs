using Aspire.Hosting.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A RabbitMQ server.</summary>
public class RabbitMQServerResource : ContainerResource, IResourceWithConnectionString
{
    private readonly ParameterResource? _userName;

    internal RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, password, port) => _userName = userName;

    internal string UserName => _userName?.Value ?? "guest";

    string IResourceWithConnectionString.ConnectionString => ConnectionString;

    internal string ConnectionString => $"amqp://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password.Value)}@localhost:{Port}";

    IEnumerable<KeyValuePair<string, string>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", "localhost"),
        new("Port", $"{Port}"),
        new("Username", UserName),
        new("Password", Password.Value),
        new("Uri", ConnectionString),
    ];

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output)
    {
        var management = this.All<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == "management");
        return new RabbitMqServer(folder, KeepsData, Port, UserName, Password.Value, management?.AllocatedPort, supervisor, output, Name);
    }
}
