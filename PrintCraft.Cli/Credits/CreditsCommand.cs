using System.CommandLine;
using System.Globalization;

using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.Credits;

/// <summary>`printcraft credits`: the balance; `credits ledger`: every movement of it.</summary>
internal static class CreditsCommand
{
    private static readonly string[] Head = ["CREATED", "KIND", "AVAILABLE", "HELD", "JOB", "REASON"];

    public static Command Build()
    {
        var credits = new Command("credits", "What you have.");
        credits.Does(BalanceAsync);

        var ledger = new Command("ledger", "How your credits moved, newest first.") { Paging.Limit, Paging.Cursor };
        ledger.Does(async (session, cancellationToken) => Paging.Tell(
            session.Terminal,
            await session.Api.ListLedgerAsync(session.Words.GetValue(Paging.Limit), session.Words.GetValue(Paging.Cursor), cancellationToken),
            "credits ledger",
            Head,
            Row));
        credits.Add(ledger);
        return credits;
    }

    internal static IReadOnlyList<string> Row(LedgerEntry entry) =>
    [
        entry.CreatedAt.ToString("u", CultureInfo.InvariantCulture),
        entry.Kind,
        entry.Amount.ToString("+0;-0;0", CultureInfo.InvariantCulture),
        entry.Held.ToString("+0;-0;0", CultureInfo.InvariantCulture),
        entry.GenerationId?.ToString() ?? "",
        entry.Reason ?? "",
    ];

    private static async Task<Exit> BalanceAsync(Session session, CancellationToken cancellationToken)
    {
        var balance = await session.Api.GetCreditsAsync(cancellationToken);
        if (session.Terminal.Json)
        {
            Terminal.Document(balance);
            return Exit.Done;
        }

        Terminal.Line($"{balance.Available} available, {balance.Held} held by jobs that run");
        foreach (var part in balance.Expiring)
        {
            Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{part.Amount} of them until {part.ExpiresAt:u}"));
        }

        return Exit.Done;
    }
}
