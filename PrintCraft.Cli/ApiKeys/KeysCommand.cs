using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

namespace PrintCraft.Cli.ApiKeys;

/// <summary>`printcraft keys`: lists them; its commands make, rotate and revoke one. A secret is printed once, alone on standard output.</summary>
internal static class KeysCommand
{
    private static readonly string[] Head = ["ID", "NAME", "PREFIX", "SCOPES", "CREATED", "LAST USED", "EXPIRES"];
    private static readonly Option<string> Name = new("--name") { Description = "To know it by, 1 to 100 characters.", HelpName = "name", Required = true };
    private static readonly Option<string[]> Scope = new("--scope") { Description = "read, write or admin; may be repeated. Unless said: read and write.", HelpName = "scope" };
    private static readonly Argument<Guid> Id = Ids.Of("The key's id.");
    private static readonly Option<DateTimeOffset?> Expires = new("--expires")
    {
        Description = "When it ends, as 2026-12-31 or 2026-12-31T12:00:00Z; never unless said.",
        HelpName = "time",
        CustomParser = ReadTime,
    };

    public static Command Build()
    {
        Scope.CompletionSources.Add("read", "write", "admin");
        var keys = new Command("keys", "List your API keys, newest first.") { Paging.Limit, Paging.Cursor };
        keys.Does(async (session, cancellationToken) => Paging.Tell(
            session.Terminal,
            await session.Api.ListApiKeysAsync(session.Words.GetValue(Paging.Limit), session.Words.GetValue(Paging.Cursor), cancellationToken),
            "keys",
            Head,
            Row));

        var create = new Command("create", "Make a key and print it, this once.") { Name, Scope, Expires };
        create.Does(async (session, cancellationToken) => Tell(session, await session.Api.CreateApiKeyAsync(Order(session.Words), cancellationToken)));
        keys.Add(create);

        var rotate = new Command("rotate", "Give a key a new secret and print it, this once; the old one stops within a minute.") { Id };
        rotate.Does(async (session, cancellationToken) => Tell(session, await session.Api.RotateApiKeyAsync(session.Words.GetValue(Id), cancellationToken)));
        keys.Add(rotate);

        var revoke = new Command("revoke", "Stop a key for good, within a minute.") { Id };
        revoke.Does(RevokeAsync);
        keys.Add(revoke);
        return keys;
    }

    private static NewApiKey Order(ParseResult words) =>
        new(words.GetValue(Name)!, words.GetValue(Scope) is { Length: > 0 } scopes ? scopes : null, words.GetValue(Expires));

    private static Exit Tell(Session session, ApiKey key)
    {
        if (session.Terminal.Json)
        {
            Terminal.Document(key);
            return Exit.Done;
        }

        Terminal.Note($"Key {key.Id} ({key.Name}; {string.Join(", ", key.Scopes)}). Keep it: it is not shown again.");
        Terminal.Line(key.Key!);
        return Exit.Done;
    }

    private static async Task<Exit> RevokeAsync(Session session, CancellationToken cancellationToken)
    {
        var id = session.Words.GetValue(Id);
        await session.Api.RevokeApiKeyAsync(id, cancellationToken);
        if (session.Terminal.Json)
        {
            Terminal.Document(new { id, revoked = true });
        }
        else
        {
            Terminal.Note($"Key {id} stops within a minute.");
        }

        return Exit.Done;
    }

    private static List<string> Row(ApiKey key) =>
    [
        key.Id.ToString(), key.Name, key.Prefix, string.Join(',', key.Scopes), Time(key.CreatedAt), Time(key.LastUsedAt), Time(key.ExpiresAt),
    ];

    private static string Time(DateTimeOffset? time) => time?.ToString("u", CultureInfo.InvariantCulture) ?? "never";

    private static DateTimeOffset? ReadTime(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        if (DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        result.AddError($"--expires must be a day such as 2026-12-31 or a time such as 2026-12-31T12:00:00Z, not '{text}'.");
        return null;
    }
}
