using PrintCraft.ReplicateSimulator.Faults;

namespace PrintCraft.ReplicateSimulator.Predictions;

/// <summary>Output files. The address is the permission; it stops working when the prediction's data is removed.</summary>
internal sealed class OutputFiles(PredictionStore store, Gallery gallery, IHostApplicationLifetime lifetime)
{
    public async Task<IResult> GetAsync(string folder, int index, HttpContext http)
    {
        if (store.FindByFolder(folder) is not { HasFiles: true } stored || index >= stored.Order.Count)
        {
            return Problem.NotFound;
        }

        var order = stored.Order with { Seed = stored.Order.Seed + index };
        return stored.NextFetchFault() is var fault and not OutputFault.None
            ? await BrokenFile.OfAsync(fault, order, gallery, http, lifetime.ApplicationStopping)
            : Results.Bytes(await gallery.DrawAsync(order, http.RequestAborted), "image/png");
    }
}

internal static class FileEndpoints
{
    public static void MapFiles(this WebApplication app)
    {
        app.MapMethods(StoredPrediction.FilesPath + "/{folder}/out-{index:int}.png", ["GET", "HEAD"],
            (string folder, int index, HttpContext http, OutputFiles files) => files.GetAsync(folder, index, http));
        app.MapGet("/p/{id}", (string id, PredictionStore store) =>
            store.Find(id) is { HasFiles: true } stored
                ? Results.Redirect($"{StoredPrediction.FilesPath}/{stored.Folder}/out-0.png")
                : Problem.NotFound);
    }
}
