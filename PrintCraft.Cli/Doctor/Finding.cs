namespace PrintCraft.Cli.Doctor;

internal enum Health
{
    Ok,

    /// <summary>Works, with something missing.</summary>
    Warn,

    /// <summary>Does not work.</summary>
    Fail,
}

/// <summary>What a check found.</summary>
/// <param name="Check">sdk, mode, servers, node, port 5310, api, credential, …</param>
/// <param name="Hint">A command to type.</param>
internal sealed record Finding(string Check, Health State, string Message, string? Hint = null);
