using System.Text.Json;
using System.Text.RegularExpressions;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Predictions;

namespace PrintCraft.ReplicateSimulator.Deployments;

/// <summary>
/// https://replicate.com/docs/reference/http#deployments.list and its neighbours; limits as in the published OpenAPI document. Replicate
/// deletes only what nobody used for 15 minutes; here anything goes at once.
/// </summary>
internal static partial class DeploymentEndpoints
{
    private static readonly Field[] ChangeRequest =
    [
        new("version", "string"), new("hardware", "string"), new("min_instances", "integer", 0, 5), new("max_instances", "integer", 0, 20),
    ];

    private static readonly Field[] CreateRequest =
    [
        new("name", "string", Required: true), new("model", "string", Required: true),
        .. ChangeRequest.Select(field => field with { Required = true }),
    ];

    public static void MapDeployments(this RouteGroupBuilder api)
    {
        api.MapGet("/deployments", (DeploymentStore store) => Json(new DeploymentPage(null, null, store.All())));
        api.MapPost("/deployments", CreateAsync);
        api.MapGet("/deployments/{owner}/{name}", (string owner, string name, DeploymentStore store) =>
            store.Find(owner, name) is { } deployment ? Json(deployment) : Problem.NotFound);
        api.MapPatch("/deployments/{owner}/{name}", ChangeAsync);
        api.MapDelete("/deployments/{owner}/{name}", (string owner, string name, DeploymentStore store) =>
            store.Remove(owner, name) ? Results.NoContent() : Problem.NotFound);
        api.MapPost("/deployments/{owner}/{name}/predictions",
            async (HttpContext http, string owner, string name, DeploymentStore store, CreatePrediction create) =>
                store.Find(owner, name) is { } deployment ? await create.ByDeploymentAsync(http, deployment) : Problem.NotFound);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, DeploymentStore store, TimeProvider time)
    {
        var (body, wrong) = await Field.ReadAsync(http, CreateRequest);
        if (wrong is not null)
        {
            return wrong;
        }

        string name = body.GetProperty("name").GetString()!, model = body.GetProperty("model").GetString()!;
        if (!Name().IsMatch(name))
        {
            return Problem.Invalid(new InvalidField("pattern", "name", $"Does not match pattern '{Name()}'"));
        }

        var first = new Release(0, model, "", default, Account.Own, new("", 0, 0));
        return Next(first, body, time) is not { } release ? Problem.UnknownVersion
            : CheckInstances(release) is { } broken ? broken
            : store.Add(new(Account.Own.Username, name, release)) ? Json(store.Find(Account.Own.Username, name)!)
            : Problem.Invalid(new InvalidField("simulator", "name", $"There is a deployment of this name, or there are {DeploymentStore.Max}"));
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string owner, string name, DeploymentStore store, TimeProvider time)
    {
        if (store.Find(owner, name) is not { } found)
        {
            return Problem.NotFound;
        }

        var (body, wrong) = await Field.ReadAsync(http, ChangeRequest);
        return wrong is not null ? wrong
            : Next(found.CurrentRelease, body, time) is not { } wanted ? Problem.UnknownVersion
            : CheckInstances(wanted) is { } broken ? broken
            : store.Change(owner, name, now => Next(now, body, time) ?? now) is { } changed ? Json(changed)
            : Problem.NotFound;
    }

    /// <summary>The release that follows; null when the version is none of the model's. Official models have none to deploy.</summary>
    private static Release? Next(Release now, JsonElement body, TimeProvider time)
    {
        var version = Text("version") ?? now.Version;
        if (Model.Resolve(version) is not { Official: false } model || model.FullName != now.Model || version != model.Version)
        {
            return null;
        }

        var old = now.Configuration;
        var configuration = new ReleaseConfiguration(
            Text("hardware") ?? old.Hardware, Number("min_instances") ?? old.MinInstances, Number("max_instances") ?? old.MaxInstances);
        return body.EnumerateObject().Any()
            ? now with { Number = now.Number + 1, Version = version, CreatedAt = time.GetUtcNow().UtcDateTime, Configuration = configuration }
            : now;

        string? Text(string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;

        int? Number(string name) => body.TryGetProperty(name, out var value) ? value.GetInt32() : null;
    }

    private static IResult? CheckInstances(Release release) =>
        release.Configuration is var wanted && wanted.MinInstances > wanted.MaxInstances
            ? Problem.Invalid(new InvalidField("simulator", "min_instances", "Must be less than or equal to max_instances"))
            : null;

    private static IResult Json(object value) => Results.Json(value, SimulatorApp.Json);

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,127}$")]
    private static partial Regex Name();
}
