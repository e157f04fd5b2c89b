using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Api.Generations;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Generations;

/// <summary>The count itself, on a database of its own.</summary>
public sealed class BacklogCountTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task One_process_never_reserves_more_places_than_there_are_whatever_runs_beside()
    {
        const int Limit = 40;
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var services = new ServiceCollection().AddDbContext<PrintCraftDb>(options => options.UseNpgsql(scratch.ConnectionString)).BuildServiceProvider();
        await using var counting = NpgsqlDataSource.Create(scratch.ConnectionString);
        var backlog = new Backlog(
            counting, Options.Create(new GenerationPolicy { MaxBacklog = Limit }), Options.Create(new RateLimitOptions { JobsPerUser = 0 }), TimeProvider.System, NullLogger<Backlog>.Instance);
        var user = new User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = TimeProvider.System.GetUtcNow() };
        await scratch.Db.EnsureUserAsync(user, None);

        // Some give their place back, as an order that cannot be paid does; the others' rows are there when the next count is made.
        var accepted = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            var job = NewGeneration.Of(Order(), user.Id, 1, new GenerationPolicy(), TimeProvider.System.GetUtcNow());
            if (await backlog.TryReserveAsync([job], None) != Reservation.Taken)
            {
                return false;
            }

            if (number % 3 == 0)
            {
                backlog.GiveBack(job.Id);
                return false;
            }

            await using var scope = services.CreateAsyncScope();
            var isTaken = (await scope.ServiceProvider.GetRequiredService<PrintCraftDb>().AcceptAsync(job, None)).Taken;
            backlog.Confirm(job.Id);
            return isTaken;
        }));

        Assert.Equal(Limit, accepted.Count(isAccepted => isAccepted));
        Assert.Equal(Limit, await scratch.Sql.ScalarAsync<long>("SELECT count(*) FROM generations WHERE due_at IS NOT NULL"));
    }

    [Fact]
    public async Task A_user_has_so_many_places_whoever_else_has_some_and_what_ends_makes_room()
    {
        await using var scratch = await ScratchDatabase.CreateAsync();
        await scratch.Db.Database.MigrateAsync();
        await using var counting = NpgsqlDataSource.Create(scratch.ConnectionString);
        var backlog = new Backlog(
            counting, Options.Create(new GenerationPolicy()), Options.Create(new RateLimitOptions { JobsPerUser = 3 }), TimeProvider.System, NullLogger<Backlog>.Instance);
        var (user, other) = (new User { Id = Guid.NewGuid(), Name = "one", CreatedAt = TimeProvider.System.GetUtcNow() }, new User { Id = Guid.NewGuid(), Name = "other", CreatedAt = TimeProvider.System.GetUtcNow() });
        await scratch.Db.EnsureUserAsync(user, None);
        await scratch.Db.EnsureUserAsync(other, None);

        List<Generation> taken = [];
        for (var number = 0; number < 5; number++)
        {
            var job = Job(user);
            Assert.Equal(number < 3 ? Reservation.Taken : Reservation.UserIsFull, await backlog.TryReserveAsync([job], None));
            if (number < 3)
            {
                Assert.True((await scratch.Db.AcceptAsync(job, None)).Taken);
                backlog.Confirm(job.Id);
                taken.Add(job);
            }
        }

        Assert.Equal(Reservation.UserIsFull, await backlog.TryReserveAsync([Job(other), Job(other), Job(other), Job(other)], None));
        Assert.Equal(Reservation.Taken, await backlog.TryReserveAsync([Job(other), Job(other), Job(other)], None));

        Assert.Equal(CancelOutcome.Canceled, (await scratch.Db.CancelAsync(taken[0].Id, user.Id, TimeProvider.System.GetUtcNow(), None)).Outcome);
        await Eventually.HoldsAsync(async () => await backlog.TryReserveAsync([Job(user)], None) == Reservation.Taken, () => "room", TimeSpan.FromSeconds(10));

        static Generation Job(User user) => NewGeneration.Of(Order(), user.Id, 1, new GenerationPolicy(), TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 3)]
    [InlineData(9, 3)]
    public void The_place_is_after_all_that_are_older(int second, int before)
    {
        var jobs = new OpenJobs(3, [At(1), At(3), At(3)], []);

        Assert.Equal(before, jobs.WaitingBefore(At(second)));

        static DateTimeOffset At(int second) => SampleGeneration.Noon.AddSeconds(second);
    }

    private static GenerationOrder Order() =>
        new("a pier", "", Styles.None, Quality.Draft, new ModelCatalog().Draft, 512, 512, 1, 1, "png", null);
}
