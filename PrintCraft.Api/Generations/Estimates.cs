using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>How long a job will take.</summary>
public sealed class Estimates
{
    public Task<int> SecondsAsync(PrintCraftDb db, GenerationOrder order, CancellationToken cancellationToken) =>
        Task.FromResult(db is null || cancellationToken.IsCancellationRequested ? 0 : (int)Math.Ceiling(order.Model.Estimate.TotalSeconds));
}
