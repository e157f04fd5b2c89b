using System.Text.Json;
using PrintCraft.ReplicateSimulator.Faults;
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

    public void Start(StoredPrediction stored)
    {
        if (IsInstant(stored))
        {
            Finish(stored);
        }
        else
        {
            _ = RunAsync(stored);
        }
    }

    /// <summary>A bench without a run time: no timer, no task, one change.</summary>
    public bool IsInstant(StoredPrediction stored) =>
        options.Bench && options.RunTime == TimeSpan.Zero && stored.Faults == FaultScript.None && stored.Order.Failure is null;

    /// <summary>Ends a prediction, unless it has ended.</summary>
    private void End(StoredPrediction stored, Func<Prediction, Prediction> end)
    {
        var ended = store.Change(stored, now =>
        {
            var at = Now();
            var metrics = new PredictionMetrics(Seconds(at - (now.StartedAt ?? at)), Seconds(at - now.CreatedAt));
            return end(now with { CompletedAt = at, Metrics = metrics });
        });
        if (ended is not null)
        {
            stored.Ended.SetResult();
            stored.Stop.Cancel();
            Send(stored, ended, "completed");
        }
    }

    public void Cancel(StoredPrediction stored) => EndWithout(stored, PredictionStatus.Canceled, null);

    private void Finish(StoredPrediction stored) => End(stored, now => now with
    {
        Status = PredictionStatus.Succeeded,
        StartedAt = now.CreatedAt,
        Logs = Seed(stored),
        Output = stored.Output,
    });

    private async Task RunAsync(StoredPrediction stored)
    {
        using var activity = options.Bench ? null : SimulatorApp.Activities.StartActivity("prediction");
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
            EndWithout(stored, PredictionStatus.Failed, "Unknown error. (E1000)");
        }
    }

    private async Task ProcessAsync(StoredPrediction stored, CancellationToken cancellationToken)
    {
        var (order, faults) = (stored.Order, stored.Faults);
        var latency = faults.Slow ?? options.RunTime;
        await WaitAsync(faults.Stuck == PredictionStatus.Starting ? Timeout.InfiniteTimeSpan : latency / 7, cancellationToken);
        if (faults.End == RunEnd.Aborted)
        {
            EndWithout(stored, PredictionStatus.Aborted, null);
            return;
        }

        Step(stored, "start", now => now with { Status = PredictionStatus.Processing, StartedAt = Now(), Logs = Seed(stored) });
        await WaitAsync(faults.Stuck == PredictionStatus.Processing ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellationToken);
        if (order.Failure is { } failure)
        {
            EndWithout(stored, PredictionStatus.Failed, failure);
            return;
        }

        var began = time.GetTimestamp();
        var lines = options.Bench ? 1 : Math.Min(order.Steps, LogLines);
        for (var line = 1; line <= lines; line++)
        {
            await WaitAsync(latency * 6 / 7 / lines, cancellationToken);
            var progress = Tqdm.Line(order.Steps * line / lines, order.Steps, time.GetElapsedTime(began));
            Step(stored, "logs", now => now with { Logs = now.Logs + progress });
        }

        switch (faults.End)
        {
            case RunEnd.Canceled:
                EndWithout(stored, PredictionStatus.Canceled, null);
                return;
            case RunEnd.Failed:
                EndWithout(stored, PredictionStatus.Failed, $"Prediction failed for an unknown reason.{Canary(faults)} (E1000)");
                return;
            case RunEnd.Nsfw:
                const string Nsfw = "NSFW content detected. Try running it again, or try a different prompt.";
                EndWithout(stored, PredictionStatus.Failed, Nsfw + Canary(faults));
                return;
            case RunEnd.Succeeded or RunEnd.Aborted:
                Step(stored, "output", now => now with { Output = stored.Output });
                End(stored, now => now with { Status = PredictionStatus.Succeeded });
                return;
        }
    }

    private void EndWithout(StoredPrediction stored, PredictionStatus status, string? error) =>
        End(stored, now => now with { Status = status, Output = Null, Error = error });

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
        if (stored.Faults.Webhook == WebhookFault.Reordered)
        {
            stored.HeldBack.Enqueue(prediction);
            _ = prediction.Ended ? DeliverInReverseAsync(stored) : Task.CompletedTask;
            return;
        }

        _ = webhooks.DeliverAsync(prediction, stored.Faults, lifetime.ApplicationStopping);
    }

    private async Task DeliverInReverseAsync(StoredPrediction stored)
    {
        foreach (var prediction in stored.HeldBack.Reverse())
        {
            await webhooks.DeliverAsync(prediction, stored.Faults, lifetime.ApplicationStopping);
        }
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken) =>
        delay != TimeSpan.Zero ? Task.Delay(delay, time, cancellationToken) : Task.CompletedTask;

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 6);

    private static string Seed(StoredPrediction stored) => $"Using seed: {stored.Order.Seed}{Canary(stored.Faults)}\n";

    private static string Canary(FaultScript faults) => faults.Canary ? $" {FaultScript.CanaryText}" : "";

    [LoggerMessage(LogLevel.Error, "Prediction {Id} broke the simulator.")]
    private partial void LogBroken(Exception exception, string id);
}
