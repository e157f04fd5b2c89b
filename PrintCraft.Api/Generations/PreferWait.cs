using PrintCraft.Api.Idempotency;

namespace PrintCraft.Api.Generations;

/// <summary><c>Prefer: wait=N</c> (RFC 7240, 4.3).</summary>
public sealed class PreferWait
{
    public Task<IResult> ApplyAsync(Answer answer, CancellationToken cancellationToken) =>
        Task.FromResult<IResult>(answer with { IsReplay = answer.IsReplay && !cancellationToken.IsCancellationRequested });
}
