using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Worker.Telemetry;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Worker.Mail;

/// <summary>
/// Sends the letters that are due. Claiming one moves it to its next try, so that no other worker takes it meanwhile and one that failed comes back by
/// itself. A crash between sending and writing that down sends it twice, with the same Message-ID; a crash before sending delays it.
/// </summary>
internal sealed partial class SendLetters(
    [FromKeyedServices(HotPath.Key)] NpgsqlDataSource database, PostOffice office, IOptions<MailOptions> options, ILogger<SendLetters> logger) : BackgroundService
{
    /// <summary>$1 the first pause, $2 the longest.</summary>
    private const string Claim = """
        UPDATE letters SET attempts = attempts + 1, due_at = now() + least($1 * power(2, least(attempts, 30)), $2)
        WHERE id = (SELECT id FROM letters WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, recipient, subject, body, attempts
        """;

    /// <summary>What was sent, or never will be, may hold a secret: it is forgotten.</summary>
    private const string Sent = "UPDATE letters SET sent_at = now(), due_at = NULL, body = NULL WHERE id = $1";

    private const string GivenUp = "UPDATE letters SET due_at = NULL, body = NULL WHERE id = $1";

    private readonly MailOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!office.IsOpen)
        {
            NoPostOffice(logger);
            return;
        }

        using var timer = new PeriodicTimer(_options.PollInterval);
        do
        {
            try
            {
                while (await SendOneAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The loop's edge: the database is down, and the letters wait there.
                Paused(logger, exception.GetBaseException().Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>False when none is due.</summary>
    private async Task<bool> SendOneAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } letter)
        {
            return false;
        }

        try
        {
            using var message = office.Message(letter.Id, letter.Recipient, letter.Subject, letter.Body);
            await office.SendAsync(message, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the reason, the others must not wait for this one.
            await FailAsync(letter, exception, cancellationToken);
            return true;
        }

        await WriteAsync(Sent, letter.Id, CancellationToken.None);
        return true;
    }

    private async Task FailAsync(DueLetter letter, Exception exception, CancellationToken cancellationToken)
    {
        var isLast = letter.Attempts >= _options.MaxAttempts;
        Failed(logger, letter.Id, letter.Attempts, isLast ? "given up" : "tried again", exception.GetBaseException().Message);
        if (isLast)
        {
            await WriteAsync(GivenUp, letter.Id, cancellationToken);
        }
    }

    private async Task<DueLetter?> ClaimAsync(CancellationToken cancellationToken)
    {
        using var quiet = Polling.WithoutSpans();
        await using var command = database.CreateCommand(Claim);
        command.Parameters.Add(Value(_options.RetryFirst));
        command.Parameters.Add(Value(_options.RetryMax));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4))
            : null;
    }

    private async Task WriteAsync(string statement, Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(statement);
        command.Parameters.Add(Value(id));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record DueLetter(Guid Id, string Recipient, string Subject, string Body, int Attempts);

    [LoggerMessage(LogLevel.Warning, "Letters wait: neither Mail:Host nor Mail:Folder is set.")]
    private static partial void NoPostOffice(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Letters wait: {Reason}")]
    private static partial void Paused(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Letter {LetterId} did not leave at try {Attempt} and is {Then}: {Reason}")]
    private static partial void Failed(ILogger logger, Guid letterId, int attempt, string then, string reason);
}
