using Microsoft.Extensions.Hosting;

using PrintCraft.AppHost;
using PrintCraft.AppHost.Commands;

// The map of PrintCraft, read from top to bottom: what runs, what it needs, what it waits for.
if (!Mode.Announce(Console.Out) || !Ports.TryChoose())
{
    return 1;
}

var builder = DistributedApplication.CreateBuilder(args);
var environment = builder.Environment.EnvironmentName;
var isTest = builder.Environment.IsEnvironment("Testing");

// Secrets of this run. A Replicate token (user secrets or Parameters__replicate-token) switches from the simulator to the real service.
var developmentKey = builder.AddParameter("development-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);
var imageKey = builder.AddParameter("image-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true);
var hasReplicateToken = !string.IsNullOrEmpty(builder.Configuration["Parameters:replicate-token"]);

if (!int.TryParse(builder.Configuration["WorkerReplicas"] ?? "1", out var workerReplicas) || workerReplicas < 1)
{
    Console.Error.WriteLine("WorkerReplicas must be a whole number from 1.");
    return 1;
}

// Images of every run lie here; a test brings a folder of its own.
var imageFolder = builder.Configuration["ImageFolder"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "artifacts", "images"));

// Letters lie here as files instead of being sent, unless Mail__Host names a mail server.
var mailFolder = builder.Configuration["MailFolder"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "artifacts", "mail"));

// Infrastructure. Data outlives a run, except under test.
var postgres = builder.AddPostgres("postgres");
var redis = builder.AddRedis("redis");
var rabbitmq = builder.AddRabbitMQ("rabbitmq")
    .WithManagementPlugin()
    .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
if (!isTest)
{
    postgres.WithDataVolume();
    redis.WithDataVolume();
    rabbitmq.WithDataVolume();
}

var database = postgres.AddDatabase("printcraftdb");

// The schema, brought up to date before anybody uses it.
var migrations = builder.AddProject<Projects.PrintCraft_Worker>("migrations")
    .WithArgs("migrate")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithReference(database)
    .WaitFor(database);

// HTTP, webhooks, images.
var api = builder.AddProject<Projects.PrintCraft_Api>("api")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithEnvironment("Identity__DevelopmentKey", developmentKey)
    .WithEnvironment("Images__Folder", imageFolder)
    .WithEnvironment("Images__SigningKey", imageKey)
    .WithEnvironment("Studio__DashboardUrl", () => DashboardAddress.Of(builder.Configuration) ?? "")
    .WithReference(database)
    .WithReference(redis)
    .WaitForCompletion(migrations)
    .WaitFor(redis)
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Studio")
    .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/openapi/v1.json", DisplayText = "API" })
    .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API docs" });

// Queue, provider calls, rescue of whatever got stuck.
var worker = builder.AddProject<Projects.PrintCraft_Worker>("worker")
    .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
    .WithEnvironment("Images__Folder", imageFolder)
    .WithEnvironment("Mail__Folder", mailFolder)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithUrlForEndpoint("http", url => url.DisplayText = "Worker")
    .WithReplicas(workerReplicas)
    .WithReference(database)
    .WithReference(redis)
    .WithReference(rabbitmq)
    .WaitForCompletion(migrations)
    .WaitFor(redis)
    .WaitFor(rabbitmq);

// Where images come from: Replicate itself, or a simulator that speaks its wire.
if (hasReplicateToken)
{
    var token = builder.AddParameter("replicate-token", secret: true);
    var replicate = builder.AddExternalService("replicate", "https://api.replicate.com/");
    api.WithReference(replicate).WithEnvironment("Replicate__Token", token);
    worker.WithReference(replicate).WithEnvironment("Replicate__Token", token);
}
else
{
    var replicate = builder.AddProject<Projects.PrintCraft_ReplicateSimulator>("replicate")
        .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
        .WithHttpHealthCheck("/health")
        .WithUrlForEndpoint("http", url => url.DisplayText = "Replicate simulator")
        .WithSimulatorCommands();
    api.WithReference(replicate).WithEnvironment("Replicate__Token", "r8_simulator");
    worker.WithReference(replicate)
        .WithEnvironment("Replicate__Token", "r8_simulator")
        .WithEnvironment("Replicate__WebhookBaseUrl", api.GetEndpoint("http"))
        .WithEnvironment("Replicate__DeliveryHosts__0", "localhost");
}

// Who vouches for users beside PrintCraft itself: a Firebase project, or its Auth emulator. Nobody waits for either.
if (builder.Configuration["Firebase:ProjectId"] is { Length: > 0 } firebaseProject)
{
    api.WithEnvironment("Firebase__ProjectId", firebaseProject).WithEnvironment("Studio__FirebaseApiKey", builder.Configuration["Firebase:ApiKey"]);
    if (!string.IsNullOrEmpty(builder.Configuration["Parameters:firebase-service-account"]))
    {
        api.WithEnvironment("Firebase__ServiceAccount", builder.AddParameter("firebase-service-account", secret: true));
    }
}
else if (FirebaseEmulator.IsWanted(builder))
{
    builder.AddFirebaseEmulator(api);
}

// What a developer can do with it, as commands in the dashboard: in Development and Testing only (docs/operations.md).
var verbs = new WorkerProgram(environment, imageFolder, database.Resource, redis.Resource, rabbitmq.Resource);
database.WithDatabaseCommands(verbs);
rabbitmq.WithBrokerCommands(verbs);
worker.WithWorkerCommands();
api.WithApiCommands(new DevelopmentUsers(api.GetEndpoint("http"), developmentKey.Resource), isPaid: hasReplicateToken);

api.OnResourceReady((_, ready, cancellationToken) => StartBlock.WriteAsync(api, developmentKey.Resource, mailFolder, ready.Services, cancellationToken));

try
{
    await builder.Build().RunAsync();
    return 0;
}
catch (DistributedApplicationException exception)
{
    // What a person can mend: one line says what.
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
