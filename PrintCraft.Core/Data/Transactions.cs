namespace PrintCraft.Core.Data;

public static class Transactions
{
    /// <summary>Runs the work in the transaction that is open, whose opener commits it; or else in one of its own.</summary>
    public static async Task<T> InTransactionAsync<T>(this PrintCraftDb db, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            return await work(cancellationToken);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var result = await work(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }
}
