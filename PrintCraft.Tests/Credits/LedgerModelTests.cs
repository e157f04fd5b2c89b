using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Images;
using PrintCraft.Core.Invariants;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Credits;

/// <summary>
/// Random lives of a user's credits against a model that fits in a few lines. The product's own statements do the work; a worker's settlement is
/// the one thing that is done in SQL here, as the worker's is.
/// </summary>
public sealed class LedgerModelTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-1).InMicroseconds();

    [Fact]
    public async Task Whatever_is_granted_held_given_back_and_expires_every_balance_is_the_sum_of_its_story()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();

        await Property.HoldsAsync(12, async random =>
        {
            var user = new User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = Start };
            await using var db = ScratchDatabase.Context(scratch.ConnectionString);
            await db.EnsureUserAsync(user, None);
            var life = new Life(db, user.Id, random);
            for (var step = 0; step < 40; step++)
            {
                await life.StepAsync();
            }

            await life.EndAsync();
        });

        var images = new ImageStore(Options.Create(new ImageStoreOptions { Folder = Path.GetTempPath() }));
        Assert.DoesNotContain(await InvariantCheck.RunAsync(await scratch.Db.OpenAsync(None), images, null, None), broken => broken.Invariant[..3] is "I1 " or "I2 " or "I3 " or "I4 ");
    }

    /// <summary>The model: credits that expire, by when; those that do not; and what is held from where.</summary>
    private sealed class Life(PrintCraftDb db, Guid userId, Random random)
    {
        private readonly SortedDictionary<DateTimeOffset, long> _expiring = [];
        private readonly Dictionary<Guid, (long Plain, List<(DateTimeOffset Expiry, long Amount)> Expiring)> _holds = [];
        private DateTimeOffset _now = Start;
        private long _plain = Ledger.WelcomeGrant;
        private int _days;

        public async Task StepAsync()
        {
            db.ChangeTracker.Clear();
            _now = _now.AddSeconds(1);
            await (random.Next(8) switch
            {
                0 => GrantAsync(expires: false),
                1 or 2 => GrantAsync(expires: true),
                3 or 4 or 5 => HoldAsync(),
                6 => ReleaseAsync(),
                _ => ExpireAsync(),
            });
            await CompareAsync();
        }

        public async Task EndAsync()
        {
            while (_holds.Count > 0)
            {
                await ReleaseAsync();
            }

            await ExpireAsync();
            await CompareAsync();
        }

        private async Task GrantAsync(bool expires)
        {
            var amount = random.Next(1, 20);
            // Each expiry is another day, so that the model needs no order among equals.
            DateTimeOffset? expiry = expires ? Start.AddYears(1).AddDays(_days++) : null;
            var grant = new Grant
            {
                Id = Guid.CreateVersion7(_now),
                UserId = userId,
                Kind = GrantKind.Promo,
                Amount = amount,
                Remaining = expires ? amount : null,
                ExpiresAt = expiry,
                CreatedAt = _now,
            };
            await db.InTransactionAsync(
                async token =>
                {
                    await db.GrantAsync(grant, $"{grant.Id}", token);
                    return true;
                },
                None);
            if (expiry is { } at)
            {
                _expiring[at] = amount;
            }
            else
            {
                _plain += amount;
            }
        }

        private async Task HoldAsync()
        {
            var order = new GenerationOrder("a pier", "", Styles.None, Quality.Draft, new ModelCatalog().Draft, 512, 512, 1, random.Next(1, 5), "png", null);
            order = order with { Model = order.Model with { Credits = random.Next(1, 12) } };
            var job = NewGeneration.Of(order, userId, 1, new GenerationPolicy(), _now);
            long price = order.Credits;

            var result = await db.AcceptAsync(job, None);

            var balance = _plain + _expiring.Values.Sum();
            Assert.Equal(price <= balance, result.Taken);
            if (!result.Taken)
            {
                Assert.Equal(balance, result.Balance);
                return;
            }

            var from = new List<(DateTimeOffset, long)>();
            foreach (var (expiry, left) in _expiring.ToList())
            {
                var part = Math.Min(left, price);
                if (part > 0)
                {
                    from.Add((expiry, part));
                    _expiring[expiry] -= part;
                    price -= part;
                }
            }

            _plain -= price;
            _holds[job.Id] = (price, from);
        }

        private async Task ReleaseAsync()
        {
            if (_holds.Count == 0)
            {
                return;
            }

            var id = random.Of([.. _holds.Keys]);
            Assert.Equal(CancelOutcome.Canceled, (await db.CancelAsync(id, userId, _now, None)).Outcome);
            Assert.Equal(CancelOutcome.AlreadyCanceled, (await db.CancelAsync(id, userId, _now, None)).Outcome);
            _holds.Remove(id, out var hold);
            _plain += hold.Plain;
            foreach (var (expiry, amount) in hold.Expiring)
            {
                _expiring[expiry] += amount;
            }
        }

        /// <summary>The first few expiries come true; what is released to them later expires then.</summary>
        private async Task ExpireAsync()
        {
            var until = Start.AddYears(1).AddDays(random.Next(_days + 1)).AddHours(-1);
            while (await db.ExpireOneGrantAsync(until, None))
            {
                db.ChangeTracker.Clear();
            }

            foreach (var expiry in _expiring.Keys.Where(expiry => expiry <= until).ToList())
            {
                _expiring[expiry] = 0;
            }
        }

        private async Task CompareAsync()
        {
            var account = await db.Accounts.AsNoTracking().SingleAsync(account => account.UserId == userId);
            Assert.Equal(
                (_plain + _expiring.Values.Sum(), _expiring.Values.Sum(), _holds.Values.Sum(hold => hold.Plain + hold.Expiring.Sum(part => part.Amount))),
                (account.Available, account.Expiring, account.Held));
            var left = await db.Grants.AsNoTracking().Where(grant => grant.UserId == userId && grant.ExpiresAt != null).ToDictionaryAsync(grant => grant.ExpiresAt!.Value, grant => grant.Remaining!.Value);
            Assert.Equal(_expiring, left.OrderBy(grant => grant.Key));
        }
    }
}
