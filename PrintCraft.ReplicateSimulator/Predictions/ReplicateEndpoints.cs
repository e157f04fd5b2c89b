using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Faults;
using PrintCraft.ReplicateSimulator.Webhooks;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>The routes of https://replicate.com/docs/reference/http that PrintCraft or its operators use.</summary>
internal static class ReplicateEndpoints
{
    public static void MapReplicate(this WebApplication app)
    {
        var api = app.MapGroup("/v1").AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (!http.Request.Headers.Authorization.ToString().StartsWith("Bearer r8_", StringComparison.OrdinalIgnoreCase))
            {
                return Problem.Unauthenticated;
            }

            // As recorded. Nothing is throttled here, so the budget is always whole.
            http.Response.Headers["ratelimit-remaining"] = HttpMethods.IsPost(http.Request.Method) ? "599" : "2999";
            http.Response.Headers["ratelimit-reset"] = "1";
            return await next(context);
        });
        api.MapPost("/predictions", (HttpContext http, CreatePrediction create) => create.ByVersionAsync(http));
        api.MapPost("/models/{owner}/{name}/predictions", (HttpContext http, string owner, string name, CreatePrediction create) =>
            create.ByModelAsync(http, owner, name));
        api.MapGet("/predictions", List);
        api.MapGet("/predictions/{id}", Get);
        api.MapPost("/predictions/{id}/cancel", Cancel);
        api.MapGet("/models/{owner}/{name}", (string owner, string name) =>
            Model.Find(owner, name) is { } model ? Json(Describe(model)) : Problem.NotFound);
        api.MapGet("/account", () => Json(new { Type = "organization", Username = "simulator", Name = "PrintCraft.ReplicateSimulator" }));
        api.MapGet("/webhooks/default/secret", (WebhookSender sender) => Json(new { Key = sender.Secret }));
    }

    private static IResult Get(string id, HttpContext http, PredictionStore store, TimeProvider time) =>
        store.Find(id) is not { } stored ? Problem.NotFound
        : stored.NextReadFault() is { } status ? Refusal.Of(status, stored.Faults, http, time)
        : Json(stored.Current);

    private static IResult Cancel(string id, PredictionStore store, PredictionRuns runs)
    {
        if (store.Find(id) is not { } stored)
        {
            return Problem.NotFound;
        }

        runs.Cancel(stored);
        return Json(stored.Current);
    }

    private static IResult List(HttpRequest request, PredictionStore store)
    {
        string? source = request.Query["source"], cursor = request.Query["cursor"];
        if (source is not (null or "" or "web"))
        {
            return Problem.Invalid(new InvalidField("enum", "source", "source must be one of the following: \"web\""));
        }

        if (!Instant.TryRead(request.Query["created_after"], DateTime.MinValue, out var after)
            || !Instant.TryRead(request.Query["created_before"], DateTime.MaxValue, out var before))
        {
            return Problem.Invalid(new InvalidField("format", "created_after, created_before", "Does not match format 'date-time'"));
        }

        if (source == "web")
        {
            return Json(new PredictionPage(null, null, []));
        }

        var (page, newer, older) = store.List(after, before, cursor);
        return Json(new PredictionPage(Link(newer), Link(older), page));

        string? Link(string? to) => to is null ? null : $"{request.Scheme}://{request.Host}{request.Path}" + QueryString.Create(
            request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", to)));
    }

    private static object Describe(Model model) => new
    {
        Url = $"https://replicate.com/{model.FullName}",
        model.Owner,
        model.Name,
        model.Description,
        Visibility = "public",
        IsOfficial = model.Official,
        RunCount = 0,
        LatestVersion = model.Official ? null : new { Id = model.Version },
    };

    private static IResult Json(object value) => Results.Json(value, SimulatorApp.Json);
}
