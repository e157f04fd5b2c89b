using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Images;
using PrintCraft.Tests.Data;
using PrintCraft.Worker.Reconciliation;

namespace PrintCraft.Tests.Reconciliation;

/// <summary>Each chore puts right what it is for, and leaves the rest alone.</summary>
public sealed class ChoreTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly IOptions<ReconciliationOptions> Defaults = Options.Create(new ReconciliationOptions());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("printcraft-chores-");
    private ScratchDatabase _scratch = null!;
    private User _user = null!;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _user = new User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = TimeProvider.System.GetUtcNow() };
        await _scratch.Db.EnsureUserAsync(_user, None);
    }

    public async Task DisposeAsync()
    {
        await _scratch.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Retention_deletes_what_is_past_its_time_and_nothing_else()
    {
        await _scratch.Sql.ExecuteAsync($"""
            INSERT INTO outbox (id, exchange, routing_key, body, created_at, sent_at) VALUES
                (gen_random_uuid(), 'x', 'old', '{"{}"}', now() - interval '3 days', now() - interval '25 hours'),
                (gen_random_uuid(), 'x', 'young', '{"{}"}', now() - interval '3 days', now() - interval '23 hours'),
                (gen_random_uuid(), 'x', 'unsent', '{"{}"}', now() - interval '3 days', NULL);
            INSERT INTO idempotency_keys (user_id, route, key, fingerprint, created_at) VALUES
                ('{_user.Id}', 'POST /x', 'old', '', now() - interval '25 hours'), ('{_user.Id}', 'POST /x', 'young', '', now() - interval '23 hours');
            """);
        var (old, young) = (await AddJobAsync(TimeSpan.FromDays(31)), await AddJobAsync(TimeSpan.FromDays(29)));
        await CancelAsync(old, "31 days");
        await CancelAsync(young, "29 days");
        var open = await AddJobAsync(TimeSpan.FromDays(31));

        Assert.Equal(3, await new Retention(Defaults).RunOnceAsync(await _scratch.Db.OpenAsync(None), None));

        Assert.Equal(["unsent", "young"], await _scratch.Sql.ListAsync("SELECT routing_key FROM outbox WHERE exchange = 'x' ORDER BY 1"));
        Assert.Equal(["young"], await _scratch.Sql.ListAsync("SELECT key FROM idempotency_keys"));
        Assert.Equal(new[] { young, open }.Order().Select(id => $"{id}"), await _scratch.Sql.ListAsync("SELECT generation_id FROM generation_events ORDER BY 1"));
    }

    [Fact]
    public async Task Files_of_deleted_jobs_and_old_temporary_files_are_removed()
    {
        var images = new ImageStore(Options.Create(new ImageStoreOptions { Folder = _folder.FullName }));
        var (hidden, kept) = (await AddJobAsync(TimeSpan.Zero), await AddJobAsync(TimeSpan.Zero));
        foreach (var job in new[] { hidden, kept })
        {
            var file = images.Save(_user.Id, job, 0, [1, 2, 3]);
            await CancelAsync(job, "0 days");
            await _scratch.Sql.ExecuteAsync($"UPDATE generation_images SET status = 'succeeded', submit_intent_at = now(), token = 't', prediction_id = 'p', storage_key = '{file.Key}', sha256 = 's', bytes = 3, width = 1, height = 1 WHERE generation_id = '{job}'");
        }

        await _scratch.Sql.ExecuteAsync($"UPDATE generations SET hidden_at = now() WHERE id = '{hidden}'");
        var (old, young) = (Path.Combine(_folder.FullName, "incoming", "old.tmp"), Path.Combine(_folder.FullName, "incoming", "young.tmp"));
        await File.WriteAllTextAsync(old, "");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        await File.WriteAllTextAsync(young, "");

        Assert.Equal(2, await new RemoveFiles(images, Defaults, TimeProvider.System).RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.Equal(0, await new RemoveFiles(images, Defaults, TimeProvider.System).RunOnceAsync(await _scratch.Db.OpenAsync(None), None));

        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
        Assert.Contains($"{kept}", Assert.Single(_folder.GetFiles("*.png", SearchOption.AllDirectories)).FullName, StringComparison.Ordinal);
    }

    private async Task<Guid> AddJobAsync(TimeSpan age)
    {
        Assert.True(OrderRules.TryOrder(new GenerationDraft("a fox", null, null, "draft", 512, 512, 1, 1, null, null), new ModelCatalog(), out var order, out _));
        var job = NewGeneration.Of(order, _user.Id, 5, new GenerationPolicy(), TimeProvider.System.GetUtcNow() - age);
        Assert.True((await _scratch.Db.AcceptAsync(job, None)).Taken);
        return job.Id;
    }

    private Task<int> CancelAsync(Guid job, string ago) => _scratch.Sql.ExecuteAsync($"""
        UPDATE generation_images SET status = 'canceled', completed_at = now() WHERE generation_id = '{job}';
        UPDATE generations SET status = 'canceled', completed_at = now() - interval '{ago}', due_at = NULL, refunded = 1 WHERE id = '{job}'
        """);
}
