namespace PrintCraft.Cli;

/// <summary>What the exit code of every command means; scripts decide by it.</summary>
internal enum Exit
{
    Done = 0,

    /// <summary>The job failed or was cancelled, a check of doctor failed, or something cannot be done as things are.</summary>
    Failed = 1,

    /// <summary>Words or values that mean nothing; nothing was done.</summary>
    Usage = 2,

    /// <summary>No credential, a wrong one, or one that may not do this.</summary>
    NotAuthenticated = 3,

    /// <summary>Too few credits, or dearer than --max-credits.</summary>
    NotEnoughCredits = 4,

    RateLimited = 5,

    /// <summary>No answer, or one that tells that the service cannot do it now.</summary>
    Unavailable = 6,

    NotFound = 7,

    /// <summary>Ctrl+C.</summary>
    Interrupted = 130,
}
