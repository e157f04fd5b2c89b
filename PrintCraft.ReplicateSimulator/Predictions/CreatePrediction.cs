using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Control;
using PrintCraft.ReplicateSimulator.Faults;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>
/// https://replicate.com/docs/topics/predictions/create-a-prediction. Sync mode answers 201 with the result, or 202 when its time is
/// over first; without <c>Prefer</c> the answer is 201 at once. A fault comes before the create is accepted, or instead of its answer.
/// </summary>
internal sealed partial class CreatePrediction(
    PredictionStore store,
    PredictionRuns runs,
    FaultPlan plan,
    FaultLog log,
    Spend spend,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
{
    public Task<IResult> ByVersionAsync(HttpContext http) =>
        HandleAsync(http, PredictionRequest.ByVersion, body => Model.Resolve(body.GetProperty("version").GetString()!));

    public async Task<IResult> ByModelAsync(HttpContext http, string owner, string name) =>
        Model.Find(owner, name) is { Official: true } model
            ? await HandleAsync(http, PredictionRequest.ByModel, _ => model)
            : Problem.NotFound;

    private async Task<IResult> HandleAsync(HttpContext http, Field[] fields, Func<JsonElement, Model?> find)
    {
        var (request, wrong) = await PredictionRequest.ReadAsync(http, fields, find);
        if (request is null)
        {
            return wrong!;
        }

        var order = request.Model.Read(request.Input);
        var fault = plan.Decide(order.Prompt, out var error);
        if (error is not null)
        {
            return Problem.Invalid(new InvalidField("simulator", "input.prompt", error));
        }

        var script = fault?.Script ?? FaultScript.None;
        if (!script.Accepted && Instead(http, script) is { } refusal)
        {
            log.Record(fault, request.Webhook, prediction: null);
            return refusal;
        }

        var stored = Store(http.Request, request, order, script);
        var created = stored.Current;
        spend.Record(created, order.Prompt);
        log.Record(fault, request.Webhook, created.Id);
        runs.Start(stored);
        if (script.AnswerAfter > TimeSpan.Zero)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
            await Task.Delay(script.AnswerAfter, time, patience.Token);
        }

        return Instead(http, script) ?? await AnswerAsync(http, created, stored);
    }

    /// <summary>What the caller gets in place of the true answer.</summary>
    private IResult? Instead(HttpContext http, FaultScript script) =>
        script.Status is { } status ? Refusal.Of(status, script, http, time) : script.Reset ? Refusal.Reset(http) : null;

    private StoredPrediction Store(HttpRequest http, PredictionRequest request, Order order, FaultScript script)
    {
        string server = $"{http.Scheme}://{http.Host}", id = Name(26), folder = Name(40), get = $"{server}/v1/predictions/{id}";
        var now = time.GetUtcNow().UtcDateTime;
        var files = Enumerable.Range(0, order.Count).Select(i => Address($"{server}{StoredPrediction.FilesPath}/{folder}", i, script)).ToArray();
        var prediction = new Prediction
        {
            Id = id,
            Model = request.Model.FullName,
            Version = request.Model.Version,
            Input = request.Input,
            CreatedAt = now,
            Deadline = now + request.Life,
            Webhook = request.Webhook,
            WebhookEventsFilter = request.WebhookEventsFilter,
            Urls = new($"{server}/p/{id}", get, $"{get}/cancel"),
        };
        var output = request.Model.ListsOutput ? JsonSerializer.SerializeToElement(files) : JsonSerializer.SerializeToElement(files[0]);
        return store.Add(prediction, order, folder, output, script);
    }

    private static string Address(string folder, int index, FaultScript script) => script.Output switch
    {
        OutputFault.Metadata => $"http://169.254.169.254/latest/meta-data/out-{index}.png",
        OutputFault.File => "file:///etc/passwd",
        _ => $"{folder}/out-{index}.png",
    };

    private async Task<IResult> AnswerAsync(HttpContext http, Prediction created, StoredPrediction stored)
    {
        http.Response.Headers.Location = created.Urls.Get;
        if (SyncMode().Match(http.Request.Headers["Prefer"].ToString()) is not { Success: true } prefer)
        {
            // Without a run time the end is known at once, as it may be in Replicate's synchronous mode.
            return Results.Json(runs.IsInstant(stored) ? stored.Current : created, SimulatorApp.Json, statusCode: 201);
        }

        var seconds = prefer.Groups["n"].Success ? Math.Min(60, int.Parse(prefer.Groups["n"].ValueSpan)) : 60;
        http.Response.Headers["Preference-Applied"] = prefer.Value;
        try
        {
            await stored.Ended.Task.WaitAsync(TimeSpan.FromSeconds(seconds), time, http.RequestAborted);
            return Results.Json(stored.Current, SimulatorApp.Json, statusCode: 201);
        }
        catch (TimeoutException)
        {
            return Results.Json(stored.Current, SimulatorApp.Json, statusCode: 202);
        }
    }

    private static string Name(int length) => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", length);

    [GeneratedRegex("^wait(=(?<n>[1-9][0-9]?))?$")]
    private static partial Regex SyncMode();
}
