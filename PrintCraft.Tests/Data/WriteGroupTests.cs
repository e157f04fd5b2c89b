using System.Collections.Concurrent;

using Npgsql;

using PrintCraft.Core.Data;

namespace PrintCraft.Tests.Data;

/// <summary>What comes while a write is under way is written together, and nobody pays for another's mistake.</summary>
public sealed class WriteGroupTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid Anna = Guid.NewGuid();
    private static readonly Guid Ben = Guid.NewGuid();
    private static readonly Guid Cleo = Guid.NewGuid();

    private readonly ConcurrentQueue<string> _written = [];
    private readonly TaskCompletionSource _first = new();

    [Fact]
    public async Task A_write_at_rest_waits_for_nobody()
    {
        _first.SetResult();

        Assert.Equal("A:1", await Group().WriteAsync((Anna, "A:1"), None));
        Assert.Equal("B:1", await Group().WriteAsync((Ben, "B:1"), None));

        Assert.Equal(["A:1", "B:1"], _written);
    }

    [Fact]
    public async Task What_comes_meanwhile_is_written_together_but_one_of_a_key_at_a_time_and_in_order()
    {
        var group = Group();
        Task<string>[] all = [group.WriteAsync((Anna, "A:1"), None), .. Waiting(group, (Anna, "A:2"), (Ben, "B:1"), (Anna, "A:3"), (Cleo, "C:1"))];

        _first.SetResult();

        Assert.Equal(["A:1", "A:2", "B:1", "A:3", "C:1"], await Task.WhenAll(all));
        Assert.Equal(["A:1", "A:2+B:1+C:1", "A:3"], _written);
    }

    [Fact]
    public async Task A_group_is_no_larger_than_allowed()
    {
        var group = Group(maxTogether: 2);
        Task<string>[] all = [group.WriteAsync((Anna, "A:1"), None), .. Waiting(group, (Anna, "A:2"), (Ben, "B:1"), (Cleo, "C:1"))];

        _first.SetResult();
        await Task.WhenAll(all);

        Assert.Equal(["A:1", "A:2+B:1", "C:1"], _written);
    }

    [Fact]
    public async Task When_the_database_refuses_a_group_each_is_tried_alone_and_only_the_culprit_fails()
    {
        var group = Group(refuse: "B:1");
        _ = group.WriteAsync((Anna, "A:1"), None);
        var others = Waiting(group, (Anna, "A:2"), (Ben, "B:1"), (Cleo, "C:1"));

        _first.SetResult();

        Assert.Equal("A:2", await others[0]);
        await Assert.ThrowsAsync<PostgresException>(() => others[1]);
        Assert.Equal("C:1", await others[2]);
        Assert.Equal(["A:1", "A:2+B:1+C:1", "A:2", "B:1", "C:1"], _written);
    }

    [Fact]
    public async Task When_the_outcome_is_unknown_it_is_so_for_all_and_nothing_is_written_again()
    {
        var group = Group(lose: "B:1");
        _ = group.WriteAsync((Anna, "A:1"), None);
        var others = Waiting(group, (Anna, "A:2"), (Ben, "B:1"));

        _first.SetResult();

        await Assert.ThrowsAsync<NpgsqlException>(() => others[0]);
        await Assert.ThrowsAsync<NpgsqlException>(() => others[1]);
        Assert.Equal("C:1", await group.WriteAsync((Cleo, "C:1"), None));
        Assert.Equal(["A:1", "A:2+B:1", "C:1"], _written);
    }

    [Fact]
    public async Task What_is_taken_back_while_it_waits_is_not_written_and_what_has_begun_is()
    {
        using var regret = new CancellationTokenSource();
        var group = Group();
        var begun = group.WriteAsync((Anna, "A:1"), regret.Token);
        var waiting = group.WriteAsync((Ben, "B:1"), regret.Token);
        var other = group.WriteAsync((Cleo, "C:1"), None);

        await regret.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _first.SetResult();

        Assert.Equal(("A:1", "C:1"), (await begun, await other));
        Assert.Equal(["A:1", "C:1"], _written);
    }

    private static Task<string>[] Waiting(WriteGroup<(Guid Key, string Name), string> group, params (Guid Key, string Name)[] items) =>
        [.. items.Select(item => group.WriteAsync(item, None))];

    /// <summary>The first write lasts until <see cref="_first"/>.</summary>
    private WriteGroup<(Guid Key, string Name), string> Group(int maxTogether = 32, string? refuse = null, string? lose = null) => new(
        async (items, _) =>
        {
            var names = items.Select(item => item.Name).ToArray();
            _written.Enqueue(string.Join('+', names));
            await _first.Task;
            return names.Contains(refuse) ? throw new PostgresException("refused", "ERROR", "ERROR", PostgresErrorCodes.CheckViolation)
                : names.Contains(lose) ? throw new NpgsqlException("cut")
                : names;
        },
        item => item.Key,
        maxTogether);
}
