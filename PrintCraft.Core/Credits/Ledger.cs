using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;

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

    /// <summary>Knows the user from now on, and grants the welcome credits if this is the first time. Safe to repeat and to race.</summary>
    public static async Task EnsureUserAsync(this PrintCraftDb db, User user, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // A racing twin waits here for the other's commit, then inserts nothing.
        var isNew = await db.Database.ExecuteSqlAsync(
            $"INSERT INTO users (id, name, created_at) VALUES ({user.Id}, {user.Name}, {user.CreatedAt}) ON CONFLICT DO NOTHING", cancellationToken) == 1;
        if (isNew)
        {
            db.Accounts.Add(new Account { UserId = user.Id, Kind = AccountKind.Available, Balance = WelcomeGrant });
            db.Accounts.Add(new Account { UserId = user.Id, Kind = AccountKind.Held, Balance = 0 });
            db.Record(JournalKind.Grant, $"welcome:{user.Id}", WelcomeGrant, (JournalEntry.House, AccountKind.Promo), (user.Id, AccountKind.Available), user.CreatedAt);
            await db.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>available → held, if there is enough: the condition and the debit are one statement, so parallel callers cannot both have the last credit.</summary>
    public static async Task<HoldResult> HoldAsync(this PrintCraftDb db, Guid userId, Guid generationId, int amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = await db.Accounts
            .Where(account => account.UserId == userId && account.Kind == AccountKind.Available && account.Balance >= amount)
            .ExecuteUpdateAsync(set => set.SetProperty(account => account.Balance, account => account.Balance - amount), cancellationToken) == 1;
        if (!taken)
        {
            var balance = await db.Accounts
                .Where(account => account.UserId == userId && account.Kind == AccountKind.Available)
                .Select(account => account.Balance)
                .SingleOrDefaultAsync(cancellationToken);
            return new HoldResult(false, balance);
        }

        await db.AddAsync(userId, AccountKind.Held, amount, cancellationToken);
        db.Record(JournalKind.Hold, generationId.ToString(), amount, (userId, AccountKind.Available), (userId, AccountKind.Held), now);
        return new HoldResult(true, 0);
    }

    /// <summary>held → revenue for what was made, held → available for what was not. The two together are the whole hold.</summary>
    public static async Task SettleAsync(this PrintCraftDb db, Guid userId, Guid generationId, int captured, int released, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Available before held, as in HoldAsync: the same order of locks, so that an order and a refund of one user cannot deadlock.
        if (released > 0)
        {
            await db.AddAsync(userId, AccountKind.Available, released, cancellationToken);
            db.Record(JournalKind.Release, generationId.ToString(), released, (userId, AccountKind.Held), (userId, AccountKind.Available), now);
        }

        await db.AddAsync(userId, AccountKind.Held, -(captured + released), cancellationToken);
        if (captured > 0)
        {
            db.Record(JournalKind.Capture, generationId.ToString(), captured, (userId, AccountKind.Held), (JournalEntry.House, AccountKind.Revenue), now);
        }
    }

    private static async Task AddAsync(this PrintCraftDb db, Guid userId, AccountKind kind, long amount, CancellationToken cancellationToken)
    {
        var rows = await db.Accounts
            .Where(account => account.UserId == userId && account.Kind == kind)
            .ExecuteUpdateAsync(set => set.SetProperty(account => account.Balance, account => account.Balance + amount), cancellationToken);
        if (rows != 1)
        {
            throw new InvalidOperationException($"User {userId} has no {kind} account.");
        }
    }

    private static void Record(
        this PrintCraftDb db,
        JournalKind kind,
        string businessId,
        long amount,
        (Guid User, AccountKind Account) from,
        (Guid User, AccountKind Account) to,
        DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now);
        db.Journals.Add(new Journal
        {
            Id = id,
            Kind = kind,
            BusinessId = businessId,
            CreatedAt = now,
            Entries =
            [
                new JournalEntry { JournalId = id, UserId = from.User, Account = from.Account, Amount = -amount },
                new JournalEntry { JournalId = id, UserId = to.User, Account = to.Account, Amount = amount },
            ],
        });
    }
}
