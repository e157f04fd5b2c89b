namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states that resources are in.</summary>
public static class KnownResourceStates
{
    /// <summary>The program runs.</summary>
    public static readonly string Running = nameof(Running);
    /// <summary>It could not be started, or what it waits for failed.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);
    /// <summary>A project or program ended, with whatever exit code.</summary>
    public static readonly string Finished = nameof(Finished);
    /// <summary>It waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>The states of a resource that does not run any more.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];

    internal const string Starting = nameof(Starting);
    internal const string Stopping = nameof(Stopping);
    internal const string Exited = nameof(Exited);
    internal const string NotStarted = nameof(NotStarted);
    internal const string ValueMissing = nameof(ValueMissing);
    internal static bool IsTerminal(string? state) => TerminalStates.Contains(state);
}

/// <summary>The commands of every process.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts a stopped instance again.</summary>
    public static readonly string StartCommand = "start";
    /// <summary>Asks a running instance to end.</summary>
    public static readonly string StopCommand = "stop";
    /// <summary>Stops and starts.</summary>
    public static readonly string RestartCommand = "restart";
}
