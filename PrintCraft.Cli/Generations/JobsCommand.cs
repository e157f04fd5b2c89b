using System.CommandLine;

using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Images;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.Generations;

/// <summary>`printcraft jobs`: lists them; its commands show, cancel, repeat and watch one.</summary>
internal static class JobsCommand
{
    private static readonly Option<string?> Status = new("--status") { Description = "Only pending, processing, succeeded, failed or canceled; several with commas.", HelpName = "status" };
    private static readonly Option<string?> Search = new("--q") { Description = "Only those whose prompt has these words.", HelpName = "words" };
    private static readonly Argument<Guid> Id = Ids.Of("The job's id.");
    private static readonly Argument<Guid?> OptionalId = Ids.Optional("The job's id; without one, all jobs from now on until Ctrl+C.");
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait for the end, with progress on standard error." };

    public static Command Build()
    {
        Status.CompletionSources.Add("pending", "processing", "succeeded", "failed", "canceled");
        var jobs = new Command("jobs", "List your jobs, newest first.") { Status, Search, Paging.Limit, Paging.Cursor };
        jobs.Does(ListAsync);

        var show = new Command("show", "Show a job.") { Id };
        show.Does(async (session, cancellationToken) => Tell(session, await session.Api.GetGenerationAsync(session.Words.GetValue(Id), cancellationToken)));
        jobs.Add(show);

        var cancel = new Command("cancel", "Cancel a job and get its credits back. One that runs ends soon after.") { Id };
        cancel.Does(async (session, cancellationToken) => Tell(session, await session.Api.CancelGenerationAsync(session.Words.GetValue(Id), cancellationToken)));
        jobs.Add(cancel);

        var retry = new Command("retry", "Order a failed or cancelled job again, as a new one. Prints its id.") { Id, Wait, OutOptions.Out, OutOptions.Force };
        retry.Does(RetryAsync);
        jobs.Add(retry);

        var watch = new Command("watch", "Follow a job to its end, or all jobs as they happen.") { OptionalId, OutOptions.Out, OutOptions.Force };
        watch.Does(WatchAsync);
        jobs.Add(watch);
        return jobs;
    }

    private static async Task<Exit> ListAsync(Session session, CancellationToken cancellationToken)
    {
        var words = session.Words;
        var found = await session.Api.FindGenerationsAsync(
            words.GetValue(Status), style: null, quality: null, createdAfter: null, createdBefore: null, words.GetValue(Search), words.GetValue(Paging.Limit), words.GetValue(Paging.Cursor), cancellationToken);
        return Paging.Tell(session.Terminal, found, "jobs", JobText.Head, JobText.Row);
    }

    private static async Task<Exit> RetryAsync(Session session, CancellationToken cancellationToken)
    {
        var file = OutOptions.Read(session.Words);
        var old = await session.Api.GetGenerationAsync(session.Words.GetValue(Id), cancellationToken);
        Refuse(file?.Obstacle(old.Options.Count));

        var job = await session.Api.RetryGenerationAsync(old.Id, Guid.NewGuid().ToString(), prefer: null, cancellationToken);
        Terminal.Note($"Ordered {job.Id}: {job.Credits.Held} credits held, about {job.EstimatedTime} s.");
        if (session.Words.GetValue(Wait) || file is not null)
        {
            return await new AwaitJob(session, file).RunAsync(job, cancelOnInterrupt: false, seen: _ => { }, cancellationToken);
        }

        if (session.Terminal.Json)
        {
            Terminal.Document(job);
        }
        else
        {
            Terminal.Line(job.Id.ToString());
        }

        return Exit.Done;
    }

    private static async Task<Exit> WatchAsync(Session session, CancellationToken cancellationToken)
    {
        var file = OutOptions.Read(session.Words);
        if (session.Words.GetValue(OptionalId) is { } id)
        {
            var job = await session.Api.GetGenerationAsync(id, cancellationToken);
            Refuse(file?.Obstacle(job.Options.Count));
            return await new AwaitJob(session, file).RunAsync(job, cancelOnInterrupt: false, seen: session.Terminal.Json ? WatchedJson.Tell : _ => { }, cancellationToken);
        }

        Refuse(file is null ? null : Failure.Usage("--out needs the id of a job."));
        await foreach (var happened in new FollowJob(session.Connection, Terminal.Note).EverythingAsync(cancellationToken))
        {
            if (session.Terminal.Json)
            {
                WatchedJson.Tell(new Sight(happened, null));
            }
            else
            {
                Terminal.Line($"{happened.Data.GenerationId}  {happened.Data.Progress,3} %  {happened.Data.Type}");
            }
        }

        return Exit.Done;
    }

    private static Exit Tell(Session session, Generation job)
    {
        if (session.Terminal.Json)
        {
            Terminal.Document(job);
            return Exit.Done;
        }

        foreach (var line in JobText.Lines(job))
        {
            Terminal.Line(line);
        }

        return Exit.Done;
    }

    private static void Refuse(Failure? obstacle)
    {
        if (obstacle is not null)
        {
            throw new CommandFailedException(obstacle);
        }
    }
}
