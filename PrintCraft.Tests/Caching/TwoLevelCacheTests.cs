using PrintCraft.Api.Caching;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Caching;

public sealed class TwoLevelCacheTests
{
    private readonly CacheTag _tag = CacheTag.User(Guid.NewGuid());

    [Fact]
    public async Task A_hundred_who_miss_the_same_thing_cause_one_load()
    {
        await using var process = CacheProcess.Alone();
        var (loads, gate) = (0, new TaskCompletionSource<Note?>());
        var readers = Enumerable.Range(0, 100).Select(_ => process.ReadAsync(_tag, () =>
        {
            Interlocked.Increment(ref loads);
            return gate.Task;
        })).ToList();

        gate.SetResult(new Note("first"));

        Assert.All(await Task.WhenAll(readers), text => Assert.Equal("first", text));
        Assert.Equal(1, loads);
        Assert.Equal("first", await process.ReadAsync(_tag, "second"));
        Assert.Equal(["note join 1", "note load 1", "note memory 1"], process.Counted.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(99, process.Counted.Count(line => line == "note join 1"));
    }

    [Fact]
    public async Task What_may_change_is_neither_kept_nor_given_to_who_asked_after_it_was_read()
    {
        await using var process = CacheProcess.Alone();
        var gate = new TaskCompletionSource<Note?>();
        var first = process.ReadAsync(_tag, () => gate.Task);
        var second = process.ReadAsync(_tag, () => Task.FromResult<Note?>(new Note("ended")));

        gate.SetResult(new Note("runs", IsFinal: false));

        Assert.Equal("runs", await first);
        Assert.Equal("ended", await second);
    }

    [Fact]
    public async Task That_there_is_nothing_is_not_remembered()
    {
        await using var process = CacheProcess.Alone();

        Assert.Null(await process.ReadAsync(_tag, () => Task.FromResult<Note?>(null)));
        Assert.Equal("there", await process.ReadAsync(_tag, "there"));
    }

    [Fact]
    public async Task What_was_read_before_a_change_is_not_kept_after_it_nor_waited_for()
    {
        await using var process = CacheProcess.Alone();
        var gate = new TaskCompletionSource<Note?>();
        var before = process.ReadAsync(_tag, () => gate.Task);

        await process.Cache.DropAsync(_tag, CancellationToken.None);

        Assert.Equal("new", await process.ReadAsync(_tag, "new").WaitAsync(TimeSpan.FromSeconds(10)));
        gate.SetResult(new Note("old"));
        Assert.Equal("old", await before);
        Assert.Equal("new", await process.ReadAsync(_tag, "newer"));
    }

    [Fact]
    public async Task What_came_by_a_page_is_not_kept_when_it_was_changed_meanwhile()
    {
        await using var process = CacheProcess.Alone();
        var stamp = process.Cache.Stamp(_tag);
        await process.Cache.DropAsync(_tag, CancellationToken.None);

        process.Cache.Keep(CacheProcess.Notes, _tag, stamp, new Note("old"));

        Assert.False(process.Cache.TryGet(CacheProcess.Notes, _tag, out _));
        process.Cache.Keep(CacheProcess.Notes, _tag, process.Cache.Stamp(_tag), new Note("new"));
        Assert.Equal("new", await process.ReadAsync(_tag, "newer"));
    }

    [Fact]
    public async Task A_load_that_fails_fails_for_all_who_wait_and_is_tried_again()
    {
        await using var process = CacheProcess.Alone();
        var gate = new TaskCompletionSource<Note?>();
        var readers = Enumerable.Range(0, 3).Select(_ => process.ReadAsync(_tag, () => gate.Task)).ToList();

        gate.SetException(new InvalidOperationException("The database is down."));

        foreach (var reader in readers)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => reader);
        }

        Assert.Equal("back", await process.ReadAsync(_tag, "back"));
    }

    [Fact]
    public async Task Who_goes_takes_nobodys_load_with_him()
    {
        await using var process = CacheProcess.Alone();
        using var gone = new CancellationTokenSource();
        var gate = new TaskCompletionSource<Note?>();
        var first = process.Cache.GetAsync(CacheProcess.Notes, _tag, _ => gate.Task, gone.Token);
        var second = process.ReadAsync(_tag, "a load of its own");

        await gone.CancelAsync();
        gate.SetResult(new Note("first"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await first);
        Assert.Equal("first", await second);
    }

    [Fact]
    public async Task Unheard_of_changes_memory_serves_for_the_time_that_is_allowed()
    {
        await using var process = CacheProcess.Alone(options => options.Unheard = TimeSpan.Zero);

        Assert.Equal("first", await process.ReadAsync(_tag, "first"));
        Assert.Equal("second", await process.ReadAsync(_tag, "second"));
    }

    [Fact]
    public async Task A_value_lives_as_long_as_its_region_says()
    {
        await using var process = CacheProcess.Alone(options => options.Profiles = TimeSpan.FromMilliseconds(1));
        await process.ReadAsync(_tag, "first");

        await Eventually.HoldsAsync(async () => await process.ReadAsync(_tag, "second") == "second", () => "the first to be forgotten", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Memory_has_a_bound()
    {
        await using var process = CacheProcess.Alone(options => options.Memory = 1);
        var text = new string('x', 1000);
        for (var i = 0; i < 2000; i++)
        {
            await process.ReadAsync(CacheTag.User(Guid.NewGuid()), text);
        }

        Assert.InRange(process.Memory.Count, 1, 1024 * 1024 / (4 * text.Length));
    }
}
