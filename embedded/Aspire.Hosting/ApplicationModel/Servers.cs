namespace Aspire.Hosting.ApplicationModel;

/// <summary>A server. Upstream runs it in a container, here it is a program on this machine.</summary>
public abstract class ContainerResource : Resource, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithConnectionString
{
    private protected ContainerResource(string name, string userName, ParameterResource password) : base(name)
    {
        (UserName, Password) = (userName, password);
        Description.Endpoints.Add(new Endpoint("tcp", "tcp"));
    }

    internal bool KeepsData { get; set; }

    private protected string UserName { get; }

    private protected ParameterResource Password { get; }

    private protected string Credentials => $"{UserName}:{Uri.EscapeDataString(Password.Value)}";

    private protected int Port => new Uri(new EndpointReference(this, "tcp").Url).Port;

    internal abstract LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output);
}

/// <summary>A PostgreSQL server.</summary>
public class PostgresServerResource : ContainerResource
{
    internal PostgresServerResource(string name, ParameterResource password) : base(name, "postgres", password) => Connect(Description, null);

    /// <summary>Gives the server itself, or a database on it, its connection string.</summary>
    internal void Connect(ResourceDescription description, string? database)
    {
        var (path, inDatabase) = database is null ? ("", "") : ($"/{database}", $";Database={database}");
        description.ConnectionString = () => $"Host=localhost;Port={Port};Username={UserName};Password={Password.Value}{inDatabase}";
        description.ConnectionProperties = () =>
        [
            ("HOST", "localhost"), ("PORT", $"{Port}"), ("USERNAME", UserName), ("PASSWORD", Password.Value),
            .. database is null ? Array.Empty<(string, string)>() : [("DATABASENAME", database)],
            ("URI", $"postgresql://{Credentials}@localhost:{Port}{path}"), ("JDBCCONNECTIONSTRING", $"jdbc:postgresql://localhost:{Port}{path}"),
        ];
    }

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output) =>
        new PostgresServer(folder, KeepsData, Port, UserName, Password.Value, supervisor, output, Name);
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
    internal RedisResource(string name, ParameterResource password) : base(name, "", password)
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
    internal RabbitMQServerResource(string name, ParameterResource password) : base(name, "guest", password)
    {
        Description.ConnectionString = () => $"amqp://{Credentials}@localhost:{Port}";
        Description.ConnectionProperties = () =>
        [
            ("HOST", "localhost"), ("PORT", $"{Port}"), ("USERNAME", UserName), ("PASSWORD", Password.Value), ("URI", Description.ConnectionString()),
        ];
    }

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output)
    {
        var management = Description.Endpoints.Find(endpoint => endpoint.Name == "management")?.Port;
        return new RabbitMqServer(folder, KeepsData, Port, UserName, Password.Value, management, supervisor, output, Name);
    }
}
