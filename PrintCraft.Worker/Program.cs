using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Replicate;
using PrintCraft.ServiceDefaults;
using PrintCraft.Worker.Generations;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Migrations;

// `PrintCraft.Worker migrate` brings the database up to date and ends; without a verb the process works until it is stopped.
if (args is ["migrate", .. var rest])
{
    return await Migrate.RunAsync(rest);
}

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, service discovery, graceful shutdown.
builder.AddServiceDefaults();

// Postgres owns every job. Every loop here retries by itself, so the connection does not.
builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings =>
{
    settings.DisableRetry = true;
    settings.ConnectionString += ";Maximum Pool Size=15";
});

// RabbitMQ moves work; Redis only says "look now".
builder.AddRabbitMQClient("rabbitmq");
builder.AddRedisClient("redis");
builder.AddMessaging();

// The image provider.
builder.AddReplicate();

// The nouns.
builder.AddGenerations();
builder.Services.AddSingleton(TimeProvider.System);

var app = builder.Build();
if (!app.HasValidSettings() || !Failpoint.TryArm(app.Environment.EnvironmentName))
{
    return 1;
}

app.MapDefaultEndpoints();
await app.RunAsync();
return 0;
