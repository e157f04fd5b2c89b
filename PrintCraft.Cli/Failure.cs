using PrintCraft.Client;

namespace PrintCraft.Cli;

/// <summary>Why a command could not do what it was asked for.</summary>
/// <param name="Code">The API's error code, or one of the command line's own: usage, no_answer, no_printcraft, file, damaged_image, interrupted, unexpected.</param>
/// <param name="Advice">What to do, as a sentence or a command to type.</param>
/// <param name="Details">The options that are wrong.</param>
/// <param name="TraceId">What to tell support.</param>
/// <param name="Job">The job that it is about, if it was ordered.</param>
internal sealed record Failure(
    Exit Exit, string Code, string Message, string? Advice = null, IReadOnlyList<FieldProblem>? Details = null, string? TraceId = null, Guid? Job = null)
{
    public static Failure Usage(string message, string? advice = null) => new(Exit.Usage, "usage", message, advice);
}

/// <summary>Ends a command with a <see cref="Failure"/>, from wherever it is.</summary>
internal sealed class CommandFailedException(Failure failure, Exception? cause = null) : Exception(failure.Message, cause)
{
    public Failure Failure => failure;
}
