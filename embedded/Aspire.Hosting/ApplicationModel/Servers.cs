namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server. Upstream runs it in a container, here it is a program on this machine.</summary>
public abstract class ContainerResource : Resource, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithConnectionString
{
    private protected ContainerResource(string name, ParameterResource? userName, string defaultUserName, ParameterResource password, int? port) : base(name)
    {
        (Password, UserName) = (password, new(() => userName?.Value ?? defaultUserName));
        Description.Endpoints.Add(new Endpoint("tcp", "tcp", port));
    }

    internal bool KeepsData { get; set; }

    private protected ParameterResource Password { get; }

    private protected Lazy<string> UserName { get; }

    private protected string Credentials => $"{Uri.EscapeDataString(UserName.Value)}:{Uri.EscapeDataString(Password.Value)}";

    private protected int Port => new Uri(new EndpointReference(this, "tcp").Url).Port;

    internal abstract LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output);
}

/// <summary>A PostgreSQL server.</summary>
public class PostgresServerResource : ContainerResource
{
    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, userName, "postgres", password, port) => Connect(Description, null);

    /// <summary>Gives the server itself, or a database on it, its connection string.</summary>
    internal void Connect(ResourceDescription description, string? database)
    {
        var (path, inDatabase) = database is null ? ("", "") : ($"/{database}", $";Database={database}");
        description.ConnectionString = () => $"Host=localhost;Port={Port};Username={UserName.Value};Password={Password.Value}{inDatabase}";
        description.ConnectionProperties = () =>
        [
            ("HOST", "localhost"), ("PORT", $"{Port}"), ("USERNAME", UserName.Value), ("PASSWORD", Password.Value),
            .. database is null ? Array.Empty<(string, string)>() : [("DATABASENAME", database)],
            ("URI", $"postgresql://{Credentials}@localhost:{Port}{path}"), ("JDBCCONNECTIONSTRING", $"jdbc:postgresql://localhost:{Port}{path}"),
        ];
    }

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output) =>
        new PostgresServer(folder, KeepsData, Port, UserName.Value, Password.Value, supervisor, output, Name);
}

/// <summary>A database of a PostgreSQL server; created when the server is ready.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent) : base(name)
    {
        Parent = parent;
        parent.Connect(Description, databaseName);
    }

    internal PostgresServerResource Parent { get; }
}

/// <summary>A Redis server. Always without TLS.</summary>
public class RedisResource : ContainerResource
{
    internal RedisResource(string name, ParameterResource password, int? port) : base(name, null, "", password, port)
    {
        Description.ConnectionString = () => $"localhost:{Port},password={Password.Value}";
        Description.ConnectionProperties = () =>
            [("HOST", "localhost"), ("PORT", $"{Port}"), ("PASSWORD", Password.Value), ("URI", $"redis://{Credentials}@localhost:{Port}")];
    }

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output) =>
        new RedisServer(folder, KeepsData, Port, Password.Value, supervisor, output, Name);
}

/// <summary>A RabbitMQ server.</summary>
public class RabbitMQServerResource : ContainerResource
{
    internal RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, userName, "guest", password, port)
    {
        Description.ConnectionString = () => $"amqp://{Credentials}@localhost:{Port}";
        Description.ConnectionProperties = () =>
        [
            ("HOST", "localhost"), ("PORT", $"{Port}"), ("USERNAME", UserName.Value), ("PASSWORD", Password.Value), ("URI", Description.ConnectionString()),
        ];
    }

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output)
    {
        var management = Description.Endpoints.Find(endpoint => endpoint.Name == "management")?.Port;
        return new RabbitMqServer(folder, KeepsData, Port, UserName.Value, Password.Value, management, supervisor, output, Name);
    }
}
