using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Images;
using PrintCraft.Core.Invariants;
using PrintCraft.Tests.Data;
using PrintCraft.Worker.Commands;

namespace PrintCraft.Tests.Reconciliation;

/// <summary>A check that never finds anything is worth nothing: each invariant is broken by hand, and named.</summary>
public sealed class InvariantCheckTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("printcraft-invariants-");
    private ScratchDatabase _scratch = null!;
    private ImageStore _images = null!;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _images = new ImageStore(Options.Create(new ImageStoreOptions { Folder = _folder.FullName }));
        await AddFinishedJobAsync();
    }

    public async Task DisposeAsync()
    {
        await _scratch.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_is_sound_passes_and_the_command_says_so()
    {
        Assert.Empty(await InvariantCheck.RunAsync(await _scratch.Db.OpenAsync(None), _images, null, None));
        Assert.Empty(await InvariantCheck.RunAsync(await _scratch.Db.OpenAsync(None), _images, 500, None));
        Assert.Equal(0, await CommandAsync());
    }

    [Theory]
    [InlineData("I1", "ALTER TABLE journal_entries DISABLE TRIGGER USER; DELETE FROM journal_entries WHERE account = 'revenue'")]
    [InlineData("I2", "UPDATE accounts SET held = held + 1")]
    [InlineData("I3", "UPDATE accounts SET expiring = 1")]
    [InlineData("I4", "ALTER TABLE journals DISABLE TRIGGER USER; UPDATE journals SET business_id = gen_random_uuid()::text WHERE kind = 'capture'")]
    [InlineData("I5", "UPDATE generations SET status = 'processing', completed_at = NULL, due_at = now(), charged = 0, deadline = now() - interval '2 minutes'")]
    [InlineData("I7", "UPDATE generation_images SET status = 'failed', error_code = 'x', storage_key = NULL, sha256 = NULL, bytes = NULL, width = NULL, height = NULL")]
    [InlineData("I8", "UPDATE outbox SET sent_at = now(); INSERT INTO outbox SELECT gen_random_uuid(), exchange, routing_key, body, NULL, now() - interval '2 minutes' FROM outbox")]
    [InlineData("I9", "DELETE FROM provider_runs")]
    [InlineData("I10", "DELETE FROM generation_events WHERE seq = 1")]
    public async Task Each_break_is_found_and_the_command_ends_with_one(string invariant, string sql)
    {
        await _scratch.Sql.ExecuteAsync(sql);

        var breaks = await InvariantCheck.RunAsync(await _scratch.Db.OpenAsync(None), _images, null, None);

        Assert.Contains(breaks, found => found.Invariant.StartsWith($"{invariant} ", StringComparison.Ordinal));
        Assert.Equal(1, await CommandAsync());
    }

    [Fact]
    public async Task A_file_that_is_missing_or_other_is_found()
    {
        var file = Assert.Single(_folder.GetFiles("*.png", SearchOption.AllDirectories));
        var bytes = await File.ReadAllBytesAsync(file.FullName);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file.FullName, bytes);
        Assert.Contains(await InvariantCheck.RunAsync(await _scratch.Db.OpenAsync(None), _images, null, None), found => found.What.EndsWith("has other content", StringComparison.Ordinal));

        file.Delete();
        Assert.Contains(await InvariantCheck.RunAsync(await _scratch.Db.OpenAsync(None), _images, 500, None), found => found.What.EndsWith("is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_database_or_a_folder_the_command_ends_with_two()
    {
        Assert.Equal(CommandHost.NotPossible, await CheckInvariantsCommand.RunAsync(["--ConnectionStrings:printcraftdb=Host=127.0.0.1;Port=1;Database=x;Username=x;Password=x", $"--Images:Folder={_folder.FullName}"]));
        Assert.Equal(CommandHost.NotPossible, await CheckInvariantsCommand.RunAsync([$"--ConnectionStrings:printcraftdb={_scratch.ConnectionString}"]));
    }

    private Task<int> CommandAsync() => CheckInvariantsCommand.RunAsync([$"--ConnectionStrings:printcraftdb={_scratch.ConnectionString}", $"--Images:Folder={_folder.FullName}"]);

    /// <summary>Accepted by the product's own statement; its end is written as the worker writes it.</summary>
    private async Task AddFinishedJobAsync()
    {
        var user = new User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = TimeProvider.System.GetUtcNow() };
        await _scratch.Db.EnsureUserAsync(user, None);
        Assert.True(OrderRules.TryOrder(new GenerationDraft("a fox", null, null, "draft", 512, 512, 1, 1, null, null), new ModelCatalog(), out var order, out _));
        var job = NewGeneration.Of(order, user.Id, 5, new GenerationPolicy(), user.CreatedAt);
        Assert.True((await _scratch.Db.AcceptAsync(job, None)).Taken);
        var file = _images.Save(user.Id, job.Id, 0, [1, 2, 3]);
        await _scratch.Sql.ExecuteAsync($"""
            UPDATE generation_images SET status = 'succeeded', attempt = 1, submit_intent_at = now(), token = 't', prediction_id = 'p', submitted_at = now(), completed_at = now(),
                storage_key = '{file.Key}', sha256 = '{file.Sha256}', bytes = {file.Bytes}, width = 512, height = 512;
            INSERT INTO provider_runs VALUES ('p', '{job.Id}', 0, 1, false, now());
            UPDATE generations SET status = 'succeeded', started_at = now(), completed_at = now(), due_at = NULL, charged = 1, last_event = 2;
            UPDATE accounts SET held = held - 1;
            INSERT INTO journals VALUES ('{Guid.CreateVersion7()}', 'capture', '{job.Id}', now());
            INSERT INTO journal_entries SELECT id, '{user.Id}', 'held', -1 FROM journals WHERE kind = 'capture';
            INSERT INTO journal_entries SELECT id, '{Guid.Empty}', 'revenue', 1 FROM journals WHERE kind = 'capture';
            INSERT INTO generation_events (generation_id, seq, type, payload, created_at, user_id, user_seq) VALUES ('{job.Id}', 2, 'succeeded', '{"{}"}', now(), '{user.Id}', 2);
            """);
    }
}
