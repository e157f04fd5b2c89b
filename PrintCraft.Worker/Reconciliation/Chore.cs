using Npgsql;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>Something that is looked after from time to time, by one worker at a time.</summary>
internal interface IChore
{
    TimeSpan Interval { get; }

    /// <summary>One round; answers how many things it put right. Safe to repeat and to be killed in.</summary>
    Task<int> RunOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken);
}
