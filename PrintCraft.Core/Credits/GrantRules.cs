namespace PrintCraft.Core.Credits;

/// <summary>A part of an amount that concerns one grant.</summary>
public readonly record struct GrantShare(Guid GrantId, long Amount);

/// <summary>Which grants pay, and which get back.</summary>
public static class GrantRules
{
    /// <summary>Takes <paramref name="amount"/> from the grants in the order given (soonest expiry first); what they cannot pay is paid by other credits.</summary>
    public static IReadOnlyList<GrantShare> Spend(IEnumerable<GrantShare> remaining, long amount) => Take(remaining, amount);

    /// <summary>
    /// Gives <paramref name="amount"/> of a hold back. Credits that never expire were the last to be spent, so they are the first to return; then the
    /// grants, latest expiry first.
    /// </summary>
    /// <param name="uses">What the hold took from grants, soonest expiry first.</param>
    /// <param name="hold">The whole hold.</param>
    public static IReadOnlyList<GrantShare> GiveBack(IReadOnlyList<GrantShare> uses, long hold, long amount) =>
        Take(uses.Reverse(), amount - (hold - uses.Sum(use => use.Amount)));

    private static List<GrantShare> Take(IEnumerable<GrantShare> shares, long amount)
    {
        var taken = new List<GrantShare>();
        foreach (var share in shares)
        {
            var part = Math.Min(share.Amount, amount);
            if (part > 0)
            {
                taken.Add(share with { Amount = part });
                amount -= part;
            }
        }

        return taken;
    }
}
