namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server; its port and its password are generated.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name) =>
        builder.Add(new PostgresServerResource(name, builder.ServerPassword(name))).WithConnectionCheck(HealthChecks.ConnectPostgresAsync);

    /// <summary>Adds a database, which is created when the server is ready.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        builder.OnResourceReady((server, _, cancellationToken) =>
            HealthChecks.CreateDatabaseAsync(server.Description.ConnectionString!(), databaseName ?? name, cancellationToken));
        return builder.ApplicationBuilder.Add(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource))
            .RelateTo(builder.Resource, "Parent").WithConnectionCheck(HealthChecks.ConnectPostgresAsync);
    }

    /// <summary>Keeps the data between runs, in the checkout's one data folder.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder) => builder.KeepData();
}

/// <summary>Adds Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server; its port and its password are generated.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name) =>
        builder.Add(new RedisResource(name, builder.ServerPassword(name))).WithConnectionCheck(HealthChecks.ConnectRedisAsync);

    /// <summary>Keeps the data between runs, in the checkout's one data folder.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(this IResourceBuilder<RedisResource> builder) => builder.KeepData();
}

/// <summary>Adds RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a server; its port and its password are generated.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name) =>
        builder.Add(new RabbitMQServerResource(name, builder.ServerPassword(name))).WithConnectionCheck(HealthChecks.ConnectRabbitMQAsync);

    /// <summary>Adds the management pages, on a port of their own.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.WithHttpEndpoint(name: "management");

    /// <summary>Keeps the data between runs, in the checkout's one data folder.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder) => builder.KeepData();
}

internal static class ServerBuilding
{
    public static IResourceBuilder<T> KeepData<T>(this IResourceBuilder<T> builder) where T : ContainerResource
    {
        builder.Resource.KeepsData = true;
        return builder;
    }

    public static IResourceBuilder<T> WithConnectionCheck<T>(this IResourceBuilder<T> builder, Func<string, CancellationToken, Task> connect) where T : Resource
    {
        var (key, description) = ($"{builder.Resource.Name}_check", builder.Resource.Description);
        HealthChecks.Add(builder.ApplicationBuilder.Services, key, cancellationToken => connect(description.ConnectionString!(), cancellationToken));
        return builder.WithHealthCheck(key);
    }
}
