using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>
/// I1 to I10: what must hold after anything, checked from outside with SQL, the files and the provider's bill. Written apart from the
/// product's own checker, so that one mistake cannot stand in both.
/// </summary>
internal sealed class Invariants(Database sql, string imageFolder, HttpClient simulator)
{
    /// <summary>Each query lists what breaks the rule.</summary>
    private static readonly (string Rule, string Query)[] Queries =
    [
        ("I1 the entries of a journal sum to zero", "SELECT journal_id, sum(amount) FROM journal_entries GROUP BY journal_id HAVING sum(amount) <> 0"),
        ("I1 all entries sum to zero", "SELECT sum(amount) FROM journal_entries HAVING sum(amount) <> 0"),
        (
            "I2 a balance is the sum of its entries",
            """
            SELECT user_id, available, held FROM accounts
            WHERE available <> (SELECT coalesce(sum(amount), 0) FROM journal_entries WHERE user_id = accounts.user_id AND account = 'available')
                OR held <> (SELECT coalesce(sum(amount), 0) FROM journal_entries WHERE user_id = accounts.user_id AND account = 'held')
            """),
        ("I3 no balance is negative", "SELECT user_id, available, held FROM accounts WHERE available < 0 OR held < 0"),
        (
            "I4 a job has one hold of its price",
            """
            SELECT generations.id, coalesce(sum(amount), 0) FROM generations
                LEFT JOIN journals ON business_id = generations.id::text AND kind = 'hold'
                LEFT JOIN journal_entries ON journal_id = journals.id AND account = 'held'
            GROUP BY generations.id HAVING coalesce(sum(amount), 0) <> credits_per_image * count OR count(journals.id) <> 1
            """),
        (
            "I4 capture and release of a final job are its charge and its refund, and together its hold",
            """
            SELECT generations.id, charged, refunded, captured, released FROM generations LEFT JOIN (
                SELECT business_id, sum(amount) FILTER (WHERE kind = 'capture') AS captured, sum(amount) FILTER (WHERE kind = 'release') AS released
                FROM journals JOIN journal_entries ON journal_id = journals.id AND amount > 0 GROUP BY business_id) moved ON business_id = generations.id::text
            WHERE charged <> coalesce(captured, 0) OR refunded <> coalesce(released, 0)
                OR (completed_at IS NOT NULL AND coalesce(captured, 0) + coalesce(released, 0) <> credits_per_image * count)
            """),
        ("I5 every job is final", "SELECT id, status FROM generations WHERE completed_at IS NULL"),
        ("I5 no job ends later than 60 s after its deadline", "SELECT id, completed_at - deadline FROM generations WHERE completed_at > deadline + interval '60 seconds'"),
        (
            "I6 a job that succeeded has pictures, one that did not has none",
            """
            SELECT id, status FROM generations
            WHERE (status = 'succeeded') <> EXISTS (SELECT 1 FROM generation_images WHERE generation_id = id AND generation_images.status = 'succeeded')
            """),
        ("I7 no job is captured twice", "SELECT business_id, count(*) FROM journals WHERE kind IN ('hold', 'capture', 'release') GROUP BY business_id, kind HAVING count(*) > 1"),
        (
            "I4 what is charged is what was made",
            """
            SELECT id, charged FROM generations
            WHERE charged <> credits_per_image * (SELECT count(*) FROM generation_images WHERE generation_id = id AND generation_images.status = 'succeeded')
            """),
        ("I8 no message waits", "SELECT id, routing_key, created_at FROM outbox WHERE sent_at IS NULL"),
        (
            "I10 the end of each job is told, once",
            """
            SELECT generations.id, count(outbox.id) FROM generations
                LEFT JOIN outbox ON routing_key = 'generation.finished' AND body ->> 'generationId' = generations.id::text
            GROUP BY generations.id HAVING count(outbox.id) <> 1
            """),
        (
            "events are numbered without gaps and end with the end",
            """
            SELECT id, last_event, count(seq), max(seq) FROM generations JOIN generation_events ON generation_id = id GROUP BY id
            HAVING count(seq) <> last_event OR max(seq) <> last_event OR (array_agg(type ORDER BY seq))[last_event] <> status
            """),
        ("nothing is held without a job that runs", "SELECT user_id, held FROM accounts WHERE held <> 0"),
    ];

    /// <summary>What does not hold, a line for each finding.</summary>
    /// <param name="accepted">Jobs that a caller was promised.</param>
    public async Task<IReadOnlyList<string>> BrokenAsync(IEnumerable<Guid> accepted)
    {
        var broken = new List<string>();
        foreach (var (rule, query) in Queries)
        {
            broken.AddRange((await sql.ListAsync(query)).Select(row => $"{rule}: {row}"));
        }

        var known = (await sql.ListAsync("SELECT id FROM generations")).Select(Guid.Parse).ToHashSet();
        broken.AddRange(accepted.Where(id => !known.Contains(id)).Select(id => $"I5 an accepted job exists: {id} is lost"));
        broken.AddRange(await BrokenFilesAsync());
        broken.AddRange(await UnpaidAsync());
        return broken;
    }

    /// <summary>The jobs and images, for a failing test's message.</summary>
    public static Task<IReadOnlyList<string>> RowsAsync(Database sql) => sql.ListAsync(
        """
        SELECT 'job ' || g.id, g.status, g.error_code, 'token ' || lease_token, 'lease ' || (lease_until - now()), 'due ' || (due_at - now()), 'deadline ' || (deadline - now()),
            'image ' || i.index, i.status, 'attempt ' || attempt, 'refusals ' || refusals, 'unknowns ' || unknowns, i.prediction_id, i.error_code
        FROM generations g JOIN generation_images i ON generation_id = id ORDER BY g.completed_at IS NULL DESC, g.created_at DESC LIMIT 20
        """);

    /// <summary>I6: the file is there, whole, and the one that was stored.</summary>
    private async Task<IReadOnlyList<string>> BrokenFilesAsync()
    {
        var broken = new List<string>();
        foreach (var row in await sql.ListAsync("SELECT storage_key, sha256, bytes FROM generation_images i JOIN generations g ON g.id = generation_id WHERE i.status = 'succeeded' AND hidden_at IS NULL"))
        {
            var parts = row.Split('|');
            var path = Path.Combine(imageFolder, parts[0]);
            var content = File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
            if (content is null || $"{content.Length}" != parts[2] || Convert.ToHexStringLower(SHA256.HashData(content)) != parts[1])
            {
                broken.Add($"I6 a stored picture is there and whole: {parts[0]} {(content is null ? "is missing" : "differs")}");
            }
        }

        return broken;
    }

    /// <summary>I9: nothing is charged that was not bought, and no purchase is charged twice.</summary>
    private async Task<IReadOnlyList<string>> UnpaidAsync()
    {
        var made = await sql.ListAsync("SELECT prediction_id FROM generation_images WHERE status = 'succeeded'");
        if (made.Count == 0)
        {
            return [];
        }

        var bought = (await simulator.GetFromJsonAsync<JsonElement>("/simulator/spend")).EnumerateArray().Select(line => line.GetProperty("id").GetString()!).ToHashSet();
        return
        [
            .. made.Where(id => !bought.Contains(id)).Select(id => $"I9 a picture was bought: {id} was not"),
            .. made.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"I9 a prediction serves one image: {group.Key} serves {group.Count()}"),
        ];
    }
}
