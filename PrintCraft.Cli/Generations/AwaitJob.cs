using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Images;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.Generations;

/// <summary>Waits for a job, saves its images and tells how it ended. Ctrl+C ends the waiting, not the job.</summary>
internal sealed class AwaitJob(Session session, ImageFile? file)
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    /// <summary>The exit code of a job that has ended.</summary>
    /// <param name="cancelOnInterrupt">Whether Ctrl+C cancels the job too.</param>
    /// <param name="seen">Told of everything on the way.</param>
    public async Task<Exit> RunAsync(Generation job, bool cancelOnInterrupt, Action<Sight> seen, CancellationToken cancellationToken)
    {
        try
        {
            var follow = new FollowJob(session.Connection, Terminal.Note);
            await ShowProgress.ShowAsync(session.Terminal, job.Prompt, follow.ToTheEndAsync(job.Id, cancellationToken), seen, cancellationToken);
            var ended = await session.Api.GetGenerationAsync(job.Id, cancellationToken);
            return await EndAsync(ended, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException(await InterruptedAsync(job.Id, cancelOnInterrupt));
        }
        catch (Exception exception) when (exception is not CommandFailedException && !StandardOutput.IsClosed(exception))
        {
            var failure = Failures.Of(exception, session.Connection.Address);
            throw new CommandFailedException(failure with { Advice = $"The job goes on. {failure.Advice} Then follow it: {HowToFollow(job.Id)}", Job = job.Id }, exception);
        }
    }

    private async Task<Exit> EndAsync(Generation ended, CancellationToken cancellationToken)
    {
        if (ended.Status != GenerationStatus.Succeeded)
        {
            throw new CommandFailedException(new Failure(
                Exit.Failed,
                ended.Status == GenerationStatus.Canceled ? "canceled" : ended.Error?.Code ?? "failed",
                JobText.Ending(ended),
                $"Order it again: printcraft jobs retry {ended.Id}",
                TraceId: ended.TraceId,
                Job: ended.Id));
        }

        IReadOnlyList<string> files = [];
        if (file is not null)
        {
            using var http = session.Connection.WithoutCredential();
            files = await new SaveImages(http).SaveAsync(ended, file, cancellationToken);
        }

        Terminal.Note(JobText.Ending(ended));
        Tell(ended, files);
        return Exit.Done;
    }

    /// <summary>What was made, a line each: the files, or the addresses where there are none.</summary>
    private void Tell(Generation ended, IReadOnlyList<string> files)
    {
        if (session.Terminal.Json)
        {
            Terminal.Document(Terminal.With(ended, "files", files));
            return;
        }

        foreach (var line in file is null ? ended.Images.Select(image => image.Url) : files)
        {
            Terminal.Line(line);
        }
    }

    private async Task<Failure> InterruptedAsync(Guid id, bool cancelOnInterrupt)
    {
        var interrupted = new Failure(Exit.Interrupted, "interrupted", "Interrupted.", Job: id);
        if (!cancelOnInterrupt)
        {
            return interrupted with { Message = "Interrupted. The job goes on.", Advice = $"Follow it: {HowToFollow(id)}. End it: printcraft jobs cancel {id}" };
        }

        using var patience = new CancellationTokenSource(CancelPatience);
        try
        {
            var canceled = await session.Api.CancelGenerationAsync(id, patience.Token);
            return interrupted with { Message = $"Interrupted. {(canceled.IsFinal ? JobText.Ending(canceled) : "The job is being cancelled.")}" };
        }
        catch (Exception exception) when (exception is Refit.ApiExceptionBase or HttpRequestException or OperationCanceledException)
        {
            return interrupted with { Message = "Interrupted. The job could not be cancelled.", Advice = $"See how it is: printcraft jobs show {id}" };
        }
    }

    private string HowToFollow(Guid id) => $"printcraft jobs watch {id}{(file is null ? "" : $" --out {file.Path}")}";
}
