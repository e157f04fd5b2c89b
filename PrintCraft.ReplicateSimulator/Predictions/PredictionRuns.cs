using System.Globalization;
using System.Text;
using System.Text.Json;
using PrintCraft.ReplicateSimulator.Webhooks;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>
/// Lives a prediction: starting, processing with growing logs, output, succeeded. Cancel and deadline may come between any two steps:
/// every step is a guarded change, whoever makes the last one sends the terminal webhook, and everyone else finds that it has ended.
/// A run is started inside the create request, so its activity, and thereby its webhooks, belong to the caller's trace.
/// </summary>
internal sealed partial class PredictionRuns(
    PredictionStore store,
    WebhookSender webhooks,
    SimulatorOptions options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<PredictionRuns> logger)
{
    private const int LogLines = 20;
    private static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(500);
    private static readonly JsonElement Null = JsonElement.Parse("null");

    public void Start(StoredPrediction stored) => _ = RunAsync(stored);

    /// <summary>Ends a prediction once; the answer says whether this call did it.</summary>
    public bool End(StoredPrediction stored, Func<Prediction, Prediction> end)
    {
        var ended = store.Change(stored, now =>
        {
            var at = Now();
            var metrics = new PredictionMetrics(Seconds(at - (now.StartedAt ?? at)), Seconds(at - now.CreatedAt));
            return end(now with { CompletedAt = at, Metrics = metrics });
        });
        if (ended is null)
        {
            return false;
        }

        stored.Ended.SetResult();
        stored.Stop.Cancel();
        Send(stored, ended, "completed");
        return true;
    }

    public bool Cancel(StoredPrediction stored) => End(stored, now => now with { Status = PredictionStatus.Canceled, Output = Null });

    private async Task RunAsync(StoredPrediction stored)
    {
        using var activity = SimulatorApp.Activities.StartActivity("prediction");
        activity?.SetTag("replicate.prediction.id", stored.Current.Id);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stored.Stop.Token, lifetime.ApplicationStopping);
        try
        {
            if (stored.Current.Deadline is { } deadline)
            {
                patience.CancelAfter(TimeSpan.FromTicks(Math.Clamp((deadline - Now()).Ticks, 0, TimeSpan.TicksPerDay)));
            }

            await ProcessAsync(stored, patience.Token);
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            End(stored, now => now with
            {
                Status = now.Status == PredictionStatus.Starting ? PredictionStatus.Aborted : PredictionStatus.Canceled,
                Output = Null,
            });
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogBroken(e, stored.Current.Id);
            End(stored, now => now with { Status = PredictionStatus.Failed, Output = Null, Error = "Unknown error. (E1000)" });
        }
    }

    private async Task ProcessAsync(StoredPrediction stored, CancellationToken cancellationToken)
    {
        var latency = options.Bench ? TimeSpan.Zero : options.Latency;
        var order = stored.Order;
        await WaitAsync(latency / 7, cancellationToken);
        var seed = $"Using seed: {order.Seed}\n";
        Step(stored, "start", now => now with { Status = PredictionStatus.Processing, StartedAt = Now(), Logs = seed });

        if (order.Failure is { } failure)
        {
            End(stored, now => now with { Status = PredictionStatus.Failed, Output = Null, Error = failure });
            return;
        }

        var began = time.GetTimestamp();
        var lines = options.Bench ? 1 : Math.Min(order.Steps, LogLines);
        for (var line = 1; line <= lines; line++)
        {
            await WaitAsync(latency * 6 / 7 / lines, cancellationToken);
            var progress = Progress(order.Steps * line / lines, order.Steps, time.GetElapsedTime(began));
            Step(stored, "logs", now => now with { Logs = now.Logs + progress });
        }

        Step(stored, "output", now => now with { Output = stored.Output });
        End(stored, now => now with { Status = PredictionStatus.Succeeded });
    }

    private void Step(StoredPrediction stored, string telling, Func<Prediction, Prediction> change) =>
        Send(stored, store.Change(stored, change) ?? throw new OperationCanceledException(), telling);

    /// <summary>
    /// Deliveries do not wait for each other, so they may arrive out of order, as Replicate's may. Output and logs are told at most
    /// every half second; what is left out then comes with the next delivery.
    /// </summary>
    private void Send(StoredPrediction stored, Prediction prediction, string telling)
    {
        IReadOnlyList<string> wanted = prediction.WebhookEventsFilter is { Count: > 0 } filter ? filter : ["output", "completed"];
        var throttled = telling is "output" or "logs";
        var tooSoon = throttled && stored.ToldAt is { } told && time.GetElapsedTime(told) < Throttle;
        if (prediction.Webhook is null || !wanted.Contains(telling) || tooSoon)
        {
            return;
        }

        stored.ToldAt = throttled ? time.GetTimestamp() : stored.ToldAt;
        _ = webhooks.DeliverAsync(prediction, lifetime.ApplicationStopping);
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 6);

    /// <summary>A line as tqdm prints it: <c> 40%|████      | 12/30 [00:01&lt;00:02,  8.11it/s]</c>.</summary>
    private static string Progress(int step, int steps, TimeSpan elapsed)
    {
        const string Eighths = " ▏▎▍▌▋▊▉";
        int eighths = step * 80 / steps;
        var bar = new StringBuilder().Append('█', eighths / 8).Append(eighths % 8 == 0 ? "" : Eighths[eighths % 8]);
        double rate = step / Math.Max(elapsed.TotalSeconds, 0.001);
        var left = TimeSpan.FromSeconds((steps - step) / rate);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{step * 100 / steps,3}%|{bar,-10}| {step}/{steps} [{elapsed:mm\\:ss}<{left:mm\\:ss}, {rate,5:0.00}it/s]\n");
    }

    [LoggerMessage(LogLevel.Error, "Prediction {Id} broke the simulator.")]
    private partial void LogBroken(Exception exception, string id);
}
