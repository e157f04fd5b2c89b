using System.CommandLine;

using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.Connections;

/// <summary>One run of one command: its words, its terminal, and the API once it is needed.</summary>
internal sealed class Session(ParseResult words, Terminal terminal) : IDisposable
{
    private Connection? _connection;

    public ParseResult Words => words;

    public Terminal Terminal => terminal;

    public IPrintCraftApi Api => Connection.Api;

    public Connection Connection => _connection ??= new Connection(
        GlobalOptions.ApiOf(words),
        CredentialSource.Find(words) switch
        {
            null => throw new CommandFailedException(new Failure(Exit.NotAuthenticated, "missing_token", "There is no credential.", CredentialSource.Hint)),
            var credential when !CredentialSource.IsPossible(credential) => throw new CommandFailedException(
                Failure.Usage("The credential has spaces, line breaks or letters that no credential has.", CredentialSource.Hint)),
            var credential => credential,
        });

    /// <summary>Does the work and answers the exit code; a failure is told in one place.</summary>
    public static async Task<int> RunAsync(ParseResult words, Func<Session, CancellationToken, Task<Exit>> work, CancellationToken cancellationToken)
    {
        var terminal = new Terminal(words.GetValue(GlobalOptions.Json));
        using var session = new Session(words, terminal);
        try
        {
            return (int)await work(session, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (int)terminal.Fail(new Failure(Exit.Interrupted, "interrupted", "Interrupted."));
        }
        catch (Exception exception) when (StandardOutput.IsClosed(exception))
        {
            return (int)Exit.Done;
        }
        catch (Exception exception)
        {
            return (int)terminal.Fail(Failures.Of(exception, session._connection?.Address));
        }
    }

    public void Dispose() => _connection?.Dispose();
}
