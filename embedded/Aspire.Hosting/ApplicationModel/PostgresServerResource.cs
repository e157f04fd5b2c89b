using Aspire.Hosting.Embedded;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A PostgreSQL server.</summary>
public class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    private readonly ParameterResource? _userName;

    internal PostgresServerResource(string name, ParameterResource? userName, ParameterResource password, int? port)
        : base(name, password, port) => _userName = userName;

    internal string UserName => _userName?.Value ?? "postgres";

    string IResourceWithConnectionString.ConnectionString => ConnectionString;

    internal string ConnectionString => $"Host=localhost;Port={Port};Username={UserName};Password={Password.Value}";

    IEnumerable<KeyValuePair<string, string>> IResourceWithConnectionString.GetConnectionProperties() => Properties(null);

    internal override LocalServer CreateServer(DataFolder folder, ProcessSupervisor supervisor, Action<string, bool> output) =>
        new PostgresServer(folder, KeepsData, Port, UserName, Password.Value, supervisor, output, Name);

    internal IEnumerable<KeyValuePair<string, string>> Properties(string? database)
    {
        var path = database is null ? "" : $"/{database}";
        yield return new("Host", "localhost");
        yield return new("Port", $"{Port}");
        yield return new("Username", UserName);
        yield return new("Password", Password.Value);
        if (database is not null)
        {
            yield return new("DatabaseName", database);
        }

        yield return new("Uri", $"postgresql://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(Password.Value)}@localhost:{Port}{path}");
        yield return new("JdbcConnectionString", $"jdbc:postgresql://localhost:{Port}{path}");
    }
}

/// <summary>A database of a PostgreSQL server; created when the server is ready.</summary>
public class PostgresDatabaseResource : Resource, IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent) : base(name) =>
        (DatabaseName, Parent) = (databaseName, parent);

    internal string DatabaseName { get; }

    internal PostgresServerResource Parent { get; }

    string IResourceWithConnectionString.ConnectionString => ConnectionString;

    internal string ConnectionString => $"{Parent.ConnectionString};Database={DatabaseName}";

    IEnumerable<KeyValuePair<string, string>> IResourceWithConnectionString.GetConnectionProperties() => Parent.Properties(DatabaseName);
}
