using PrintCraft.Core.Credits;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Credits;

public sealed class GrantRulesTests
{
    [Fact]
    public void Spending_takes_the_first_grants_first_and_never_more_than_there_is_or_is_asked_for()
    {
        Property.Holds(2000, random =>
        {
            var (grants, amount) = (Grants(random), random.Next(60));

            var taken = GrantRules.Spend(grants, amount);

            Assert.Equal(Math.Min(amount, grants.Sum(grant => grant.Amount)), taken.Sum(share => share.Amount));
            Assert.All(taken, share => Assert.InRange(share.Amount, 1, grants.Single(grant => grant.GrantId == share.GrantId).Amount));
            // All but the last are used up, and no earlier one with something left was passed over.
            Assert.Equal(grants.Where(grant => grant.Amount > 0).Select(grant => grant.GrantId).Take(taken.Count), taken.Select(share => share.GrantId));
            Assert.All(taken.SkipLast(1), share => Assert.Equal(grants.Single(grant => grant.GrantId == share.GrantId).Amount, share.Amount));
        });
    }

    [Fact]
    public void Giving_back_piece_by_piece_returns_exactly_what_was_taken()
    {
        Property.Holds(2000, random =>
        {
            var uses = Grants(random).Where(use => use.Amount > 0).ToList();
            var hold = uses.Sum(use => use.Amount) + random.Next(20);
            var amount = random.NextInt64(hold + 1);

            var returned = GrantRules.GiveBack(uses, hold, amount);

            // What never expires was spent last and returns first.
            Assert.Equal(Math.Max(0, amount - (hold - uses.Sum(use => use.Amount))), returned.Sum(share => share.Amount));
            Assert.All(returned, share => Assert.InRange(share.Amount, 1, uses.Single(use => use.GrantId == share.GrantId).Amount));
            Assert.Equal(uses.AsEnumerable().Reverse().Select(use => use.GrantId).Take(returned.Count), returned.Select(share => share.GrantId));
            Assert.Equivalent(uses, GrantRules.GiveBack(uses, hold, hold).Reverse(), strict: true);
        });
    }

    private static List<GrantShare> Grants(Random random) => [.. Enumerable.Range(0, random.Next(6)).Select(_ => new GrantShare(Guid.NewGuid(), random.Next(20)))];
}
