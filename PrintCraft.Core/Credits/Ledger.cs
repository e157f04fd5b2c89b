using Microsoft.EntityFrameworkCore;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

using static PrintCraft.Core.Data.Sql;

namespace PrintCraft.Core.Credits;

/// <summary>Whether a hold was taken, and if not, what the caller had.</summary>
public readonly record struct HoldResult(bool Taken, long Balance);

/// <summary>
/// Moves credits. Every method belongs in the caller's transaction, together with the change it pays for; a crash before its commit
/// leaves nothing, and a second call for the same business id breaks the unique index instead of moving credits twice.
/// </summary>
public static class Ledger
{
    /// <summary>Credits that a user gets once, when first seen.</summary>
    public const int WelcomeGrant = 50;

    /// <summary>$1 user, $2 name, $3 e-mail, $4 whether it is verified, $5 role, $6 Firebase's uid, $7 time. The account hangs on the user's insert.</summary>
    private const string Know = """
        WITH known AS (
            INSERT INTO users (id, name, email, email_verified, role, firebase_uid, access_failed_count, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7) ON CONFLICT DO NOTHING RETURNING id)
        INSERT INTO accounts (user_id, available, held, expiring, last_event) SELECT id, 0, 0, 0, 0 FROM known
        """;

    /// <summary>$1 user, $2 business id, $3 time, $4 credits, $5 grant and journal. Everything hangs on the journal's insert.</summary>
    private const string Welcome = $"""
        WITH journal AS (INSERT INTO journals (id, kind, business_id, created_at) VALUES ($5, 'grant', $2, $3) ON CONFLICT DO NOTHING RETURNING id),
        account AS (UPDATE accounts SET available = available + $4 FROM journal WHERE user_id = $1),
        welcome AS (INSERT INTO grants (id, user_id, kind, amount, expiries, created_at) SELECT id, $1, 'welcome', $4, 0, $3 FROM journal)
        INSERT INTO journal_entries (journal_id, user_id, account, amount)
        SELECT id, owner, account, amount FROM journal, LATERAL (VALUES ('{House}'::uuid, 'promo', -$4), ($1, 'available', $4)) AS side (owner, account, amount)
        """;

    private const string House = "00000000-0000-0000-0000-000000000000";

    /// <summary>
    /// Knows the user from now on, and grants the welcome credits if this is the first time. Safe to repeat and to race: a twin waits for the other's
    /// commit no longer than a round trip, then inserts nothing.
    /// </summary>
    public static Task EnsureUserAsync(this PrintCraftDb db, User user, CancellationToken cancellationToken) =>
        db.EnsureUserAsync(user, user.Id.ToString(), cancellationToken);

    /// <inheritdoc cref="EnsureUserAsync(PrintCraftDb, User, CancellationToken)"/>
    /// <param name="identity">What was verified, and is welcomed once whatever user it comes with; null: nothing was verified, so nothing is given.</param>
    public static async Task EnsureUserAsync(this PrintCraftDb db, User user, string? identity, CancellationToken cancellationToken)
    {
        var connection = await db.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection).Then(
            Know, Value(user.Id), Text(user.Name), Text(user.Email), Value(user.EmailConfirmed), Text(user.Role), Text(user.FirebaseUid), Value(user.CreatedAt));
        if (identity is not null)
        {
            batch.Welcoming(user.Id, identity, user.CreatedAt);
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Grants the welcome credits to a user with an account, if <paramref name="identity"/> was never welcomed. Safe to repeat and to race.</summary>
    public static async Task WelcomeAsync(this PrintCraftDb db, Guid userId, string identity, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(await db.OpenAsync(cancellationToken)).Welcoming(userId, identity, now);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatch Welcoming(this NpgsqlBatch batch, Guid userId, string identity, DateTimeOffset now) =>
        batch.Then(Welcome, Value(userId), Text($"welcome:{identity}"), Value(now), Value((long)WelcomeGrant), Value(Guid.CreateVersion7(now)));

    /// <summary>Gives credits away. The business id makes a repeated call a unique violation instead of a second gift.</summary>
    public static async Task GrantAsync(this PrintCraftDb db, Grant grant, string businessId, CancellationToken cancellationToken)
    {
        var rows = await db.Accounts
            .Where(account => account.UserId == grant.UserId)
            .ExecuteUpdateAsync(
                set => set.SetProperty(account => account.Available, account => account.Available + grant.Amount)
                    .SetProperty(account => account.Expiring, account => account.Expiring + (grant.Remaining ?? 0)),
                cancellationToken);
        if (rows != 1)
        {
            throw new InvalidOperationException($"User {grant.UserId} has no account.");
        }

        db.Grants.Add(grant);
        db.Record(JournalKind.Grant, businessId, grant.Amount, (JournalEntry.House, AccountKind.Promo), (grant.UserId, AccountKind.Available), grant.CreatedAt, grant.Id);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>
    /// Takes back what is left of one grant whose time is over; false when there is none. A crash before the commit leaves it to the next call.
    /// </summary>
    public static async Task<bool> ExpireOneGrantAsync(this PrintCraftDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var due = await db.Grants.AsNoTracking().Where(grant => grant.Remaining > 0 && grant.ExpiresAt <= now).OrderBy(grant => grant.ExpiresAt).FirstOrDefaultAsync(cancellationToken);
        if (due is null)
        {
            return false;
        }

        // The account first, as everywhere: who holds its lock may change the user's grants.
        await LockAccountAsync(db, due.UserId, cancellationToken);
        var grant = await db.Grants.AsNoTracking().SingleAsync(row => row.Id == due.Id, cancellationToken);
        if (grant.Remaining is > 0 and var rest)
        {
            await db.Database.ExecuteSqlAsync($"UPDATE grants SET remaining = 0, expiries = expiries + 1 WHERE id = {grant.Id}", cancellationToken);
            await db.Database.ExecuteSqlAsync(
                $"UPDATE accounts SET available = available - {rest}, expiring = expiring - {rest} WHERE user_id = {grant.UserId}", cancellationToken);
            db.Record(JournalKind.Expire, $"{grant.Id}:{grant.Expiries + 1}", rest, (grant.UserId, AccountKind.Available), (JournalEntry.House, AccountKind.Promo), now);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Locks the account and tells which grants a hold of that amount will use. Belongs in the transaction of the hold.</summary>
    internal static async Task<IReadOnlyList<GrantShare>> SpendGrantsAsync(this PrintCraftDb db, Guid userId, long amount, CancellationToken cancellationToken)
    {
        await LockAccountAsync(db, userId, cancellationToken);
        // Those whose time is over count as well until they are taken back: the sweeper is late by seconds, never the user's loss.
        var grants = await db.Grants
            .AsNoTracking()
            .Where(grant => grant.UserId == userId && grant.Remaining > 0)
            .OrderBy(grant => grant.ExpiresAt)
            .ThenBy(grant => grant.Id)
            .Select(grant => new GrantShare(grant.Id, grant.Remaining!.Value))
            .ToListAsync(cancellationToken);
        return GrantRules.Spend(grants, amount);
    }

    /// <summary>Writes down what a hold took from which grant.</summary>
    internal static async Task UseGrantsAsync(this PrintCraftDb db, Guid generationId, IReadOnlyList<GrantShare> shares, CancellationToken cancellationToken)
    {
        foreach (var share in shares)
        {
            await db.Database.ExecuteSqlAsync($"UPDATE grants SET remaining = remaining - {share.Amount} WHERE id = {share.GrantId}", cancellationToken);
            db.GrantUses.Add(new GrantUse { GenerationId = generationId, GrantId = share.GrantId, Amount = share.Amount });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Returns the released part of a hold to the grants it came from. Belongs in the transaction of the release, after it.</summary>
    public static Task GiveBackGrantsAsync(this PrintCraftDb db, Generation generation, int released, CancellationToken cancellationToken) =>
        db.GiveBackGrantsAsync(generation.Id, generation.UserId, generation.CreditsPerImage * generation.Count, released, cancellationToken);

    /// <inheritdoc cref="GiveBackGrantsAsync(PrintCraftDb, Generation, int, CancellationToken)"/>
    /// <param name="hold">The whole hold, in credits.</param>
    public static async Task GiveBackGrantsAsync(this PrintCraftDb db, Guid generationId, Guid userId, int hold, int released, CancellationToken cancellationToken)
    {
        var uses = await (from use in db.GrantUses
                          join grant in db.Grants on use.GrantId equals grant.Id
                          where use.GenerationId == generationId
                          orderby grant.ExpiresAt, grant.Id
                          select new GrantShare(use.GrantId, use.Amount)).ToListAsync(cancellationToken);
        var shares = GrantRules.GiveBack(uses, hold, released);
        foreach (var share in shares)
        {
            await db.Database.ExecuteSqlAsync($"UPDATE grants SET remaining = remaining + {share.Amount} WHERE id = {share.GrantId}", cancellationToken);
        }

        var total = shares.Sum(share => share.Amount);
        await db.Database.ExecuteSqlAsync($"UPDATE accounts SET expiring = expiring + {total} WHERE user_id = {userId}", cancellationToken);
    }

    private static Task<int> LockAccountAsync(PrintCraftDb db, Guid userId, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync($"SELECT 1 FROM accounts WHERE user_id = {userId} FOR UPDATE", cancellationToken);

    private static void Record(
        this PrintCraftDb db,
        JournalKind kind,
        string businessId,
        long amount,
        (Guid User, AccountKind Account) from,
        (Guid User, AccountKind Account) to,
        DateTimeOffset now,
        Guid? journalId = null)
    {
        var id = journalId ?? Guid.CreateVersion7(now);
        db.Journals.Add(new Journal { Id = id, Kind = kind, BusinessId = businessId, CreatedAt = now });
        db.JournalEntries.AddRange(
            new JournalEntry { JournalId = id, UserId = from.User, Account = from.Account, Amount = -amount },
            new JournalEntry { JournalId = id, UserId = to.User, Account = to.Account, Amount = amount });
    }
}
