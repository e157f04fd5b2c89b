using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Embedded;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a server; its port and, unless given, its password are generated.</summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var server = new PostgresServerResource(
            name, userName?.Resource, password?.Resource ?? ParameterResourceBuilderExtensions.ServerPassword(builder, name), port);
        HealthChecks.Add(builder.Services, $"{name}_check", cancellationToken => HealthChecks.CheckPostgresAsync(server.ConnectionString, cancellationToken));
        return builder.Add(server).WithHealthCheck($"{name}_check");
    }

    /// <summary>Adds a database, which is created when the server is ready.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.OnResourceReady((_, _, cancellationToken) =>
            HealthChecks.CreateDatabaseAsync(builder.Resource.ConnectionString, database.DatabaseName, cancellationToken));
        var services = builder.ApplicationBuilder.Services;
        HealthChecks.Add(services, $"{name}_check", cancellationToken => HealthChecks.CheckPostgresAsync(database.ConnectionString, cancellationToken));
        return builder.ApplicationBuilder.Add(database).RelateTo(builder.Resource, "Parent").WithHealthCheck($"{name}_check");
    }

    /// <summary>Keeps the data between runs; here there is one data folder per checkout, so the name says nothing.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.KeepData(name, isReadOnly);
}

/// <summary>Adds Redis.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server; its port and, unless given, its password are generated.</summary>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        var server = new RedisResource(name, password?.Resource ?? ParameterResourceBuilderExtensions.ServerPassword(builder, name), port);
        HealthChecks.Add(builder.Services, $"{name}_check", _ => HealthChecks.CheckRedisAsync(server.ConnectionString));
        return builder.Add(server).WithHealthCheck($"{name}_check");
    }

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.KeepData(name, isReadOnly);
}

/// <summary>Adds RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a server; its port and, unless given, its password are generated.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var server = new RabbitMQServerResource(
            name, userName?.Resource, password?.Resource ?? ParameterResourceBuilderExtensions.ServerPassword(builder, name), port);
        HealthChecks.Add(builder.Services, $"{name}_check", cancellationToken => HealthChecks.CheckRabbitMQAsync(server.ConnectionString, cancellationToken));
        return builder.Add(server).WithHealthCheck($"{name}_check");
    }

    /// <summary>Adds the management pages, on a port of their own.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.WithHttpEndpoint(name: "management");

    /// <summary>Keeps the data between runs.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.KeepData(name, isReadOnly);
}

internal static class ServerData
{
    public static IResourceBuilder<T> KeepData<T>(this IResourceBuilder<T> builder, string? name, bool isReadOnly) where T : ContainerResource
    {
        if (name is not null || isReadOnly)
        {
            throw new DistributedApplicationException("Embedded mode has one writable data folder per checkout, without names.");
        }

        builder.Resource.KeepsData = true;
        return builder;
    }
}
