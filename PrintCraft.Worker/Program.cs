using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Replicate;
using PrintCraft.ServiceDefaults;
using PrintCraft.Worker;
using PrintCraft.Worker.Commands;
using PrintCraft.Worker.Generations;
using PrintCraft.Worker.Images;
using PrintCraft.Worker.Mail;
using PrintCraft.Worker.Messaging;
using PrintCraft.Worker.Migrations;
using PrintCraft.Worker.Reconciliation;
using PrintCraft.Worker.Telemetry;

// A verb does one thing and ends; without one the process works until it is stopped.
switch (args)
{
    case ["migrate", .. var rest]:
        return await Migrate.RunAsync(rest);
    case ["check-invariants", .. var rest]:
        return await CheckInvariantsCommand.RunAsync(rest);
    case ["dead-letters", .. var rest]:
        return await DeadLettersCommand.RunAsync(rest);
    case ["purge-queue", .. var rest]:
        return await PurgeQueueCommand.RunAsync(rest);
    case ["reset", .. var rest]:
        return await ResetCommand.RunAsync(rest);
}

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, service discovery, graceful shutdown.
builder.AddServiceDefaults();

// Postgres owns every job. Every loop here retries by itself, so the connection does not. What has to be done often goes the hot path, past Entity
// Framework: it has a pool of its own, and is what the health check looks at.
builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings =>
{
    settings.DisableRetry = true;
    settings.DisableHealthChecks = true;
    settings.ConnectionString += ";Maximum Pool Size=5;Max Auto Prepare=50;No Reset On Close=true;Options=-c idle_in_transaction_session_timeout=15000";
});

builder.AddHotPath();

// RabbitMQ moves work (a dead peer is noticed within two heartbeats); Redis only says "look now".
builder.AddRabbitMQClient("rabbitmq", configureConnectionFactory: factory => factory.RequestedHeartbeat = TimeSpan.FromSeconds(10));
builder.AddRedisClient("redis");
builder.AddMessaging();

// The image provider.
builder.AddReplicate();

// The nouns.
builder.AddGenerations();
builder.AddImages();

// Letters that are due.
builder.AddMail();

// Whatever got lost or is past its time.
builder.AddReconciliation();
builder.AddJobGauges();
builder.Services.AddSingleton(ClockSkew.Clock);

var app = builder.Build();
if (!app.HasValidSettings() || !Failpoint.TryArm(app.Environment.EnvironmentName))
{
    return 1;
}

app.MapDefaultEndpoints();
await app.RunAsync();
return 0;
