using System.Collections.Concurrent;
using System.Text.Json;
using PrintCraft.ReplicateSimulator.Catalogue;
using PrintCraft.ReplicateSimulator.Faults;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>A prediction with what the wire does not show.</summary>
internal sealed class StoredPrediction(
    long number, Prediction prediction, Order order, string folder, JsonElement output, FaultScript faults)
{
    public const string FilesPath = "/files";

    private int _reads;
    private int _fetches;

    public long Number => number;

    public Order Order => order;

    /// <summary>The part of the file addresses that nobody can guess.</summary>
    public string Folder => folder;

    /// <summary>The addresses of the files, before they are told.</summary>
    public JsonElement Output => output;

    public FaultScript Faults => faults;

    public bool HasFiles => Current is { Status: PredictionStatus.Succeeded, DataRemoved: false };

    /// <summary>Written by the store only, under its lock.</summary>
    public Prediction Current { get; set; } = prediction;

    /// <summary>When output or logs were last told; written by the prediction's run only.</summary>
    public long? ToldAt { get; set; }

    /// <summary>Webhooks that a fault holds back until the terminal one was answered.</summary>
    public ConcurrentQueue<Prediction> HeldBack => field ??= new();

    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The status that this read gets instead of the prediction.</summary>
    public int? NextReadFault() => faults.Get is { } status && Interlocked.Increment(ref _reads) <= faults.GetTimes ? status : null;

    /// <summary>What is wrong with this fetch of a file.</summary>
    public OutputFault NextFetchFault() =>
        faults.Output != OutputFault.None && Interlocked.Increment(ref _fetches) <= faults.OutputTimes ? faults.Output : OutputFault.None;
}
