using PrintCraft.Api.ApiKeys;
using PrintCraft.Api.Audit;
using PrintCraft.Api.Caching;
using PrintCraft.Api.Catalog;
using PrintCraft.Api.Credits;
using PrintCraft.Api.Documentation;
using PrintCraft.Api.Events;
using PrintCraft.Api.Generations;
using PrintCraft.Api.Http;
using PrintCraft.Api.Identity;
using PrintCraft.Api.Images;
using PrintCraft.Api.Messaging;
using PrintCraft.Api.Problems;
using PrintCraft.Api.RateLimits;
using PrintCraft.Api.Studio;
using PrintCraft.Api.Telemetry;
using PrintCraft.Api.Uploads;
using PrintCraft.Api.Users;
using PrintCraft.Api.Webhooks;
using PrintCraft.Core.Data;
using PrintCraft.Core.Faults;
using PrintCraft.Replicate;
using PrintCraft.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);

// Telemetry, health, service discovery, safe resilience.
builder.AddServiceDefaults();
builder.AddRequestTelemetry();

// Postgres owns every job. A request fails fast and says 503 instead of retrying inside: the caller knows how long to wait.
builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings =>
{
    settings.DisableRetry = true;
    settings.ConnectionString += ";Maximum Pool Size=20;Max Auto Prepare=50;No Reset On Close=true;Options=-c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000";
});

// Redis only saves: the worker and the event streams their next poll, reads their way to Postgres.
builder.AddRedisClient("redis");
builder.Services.AddSingleton<WorkSignal>();
builder.AddCaching();

// The image provider: here only the secret that signs its webhooks.
builder.AddReplicate();
builder.Services.AddReplicateWebhook();

// Who is calling.
builder.AddIdentity();
builder.AddApiKeys();
builder.AddUsers();

// How much a caller may use, and how much this process takes at a time.
builder.AddRateLimits();

// The nouns.
builder.AddCatalog();
builder.AddGenerations();
builder.AddEvents();
builder.AddImages();
builder.AddUploads();

// Limits, headers and errors are alike everywhere; the document describes it all, and a page for people uses it.
builder.AddHttpRules();
builder.AddProblems();
builder.AddDocumentation();
builder.AddStudio();
builder.Services.AddSingleton(ClockSkew.Clock);

var app = builder.Build();
if (!app.HasValidSettings() || !Failpoint.TryArm(app.Environment.EnvironmentName))
{
    return 1;
}

app.UseForwardedHeaders();
app.UseHubCredential();
app.UseRequestTelemetry();
app.UseHttpRules();
app.UseOverloadProtection();
app.UseAuthentication();
app.UseRateLimits();
app.UseAuthorization();

app.MapDefaultEndpoints();
app.MapHealthDetails();
app.MapErrorCatalogue();
app.MapDocumentation();
app.MapStudio();
app.MapImages();
app.MapUploadAddresses();
app.MapReplicateWebhook();
app.MapGenerationHub();
app.MapGroup("/api/v1")
    .AnswersHead()
    .RequireAuthorization(Policies.Caller)
    .MapGenerations()
    .MapEvents()
    .MapUploads()
    .MapCatalog()
    .MapCredits()
    .MapUsers()
    .MapApiKeys();
app.MapAuth();
var admin = app.MapGroup("/api/v1/admin")
    .AnswersHead()
    .WithTags("Admin");
admin.MapGroup("")
    .RequireAuthorization(Policies.Support)
    .MapUserList();
admin.MapGroup("")
    .RequireAuthorization(Policies.Admin)
    .MapGrants()
    .MapDeadLetters()
    .MapUserAdministration()
    .MapAudit();

app.Run();
return 0;
