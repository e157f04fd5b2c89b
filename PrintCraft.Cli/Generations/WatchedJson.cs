using PrintCraft.Cli.Output;

namespace PrintCraft.Cli.Generations;

/// <summary>What was seen, as a line of JSON: an event as the API sends it, or {"event":"job.read"} with the job while there is no stream.</summary>
internal static class WatchedJson
{
    public static void Tell(Sight sight)
    {
        if (sight.Happened is { } happened)
        {
            Terminal.Document(new { happened.Id, @event = happened.Name, happened.Data });
        }
        else
        {
            Terminal.Document(new { @event = "job.read", data = sight.Read });
        }
    }
}
