using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Images;
using PrintCraft.Tests.Data;
using PrintCraft.Worker.Images;
using PrintCraft.Worker.Reconciliation;

namespace PrintCraft.Tests.Images;

/// <summary>Thumbnails that a dead worker left unmade, that cannot be made, and that nobody wants any more; and uploads whose time is over.</summary>
public sealed class ThumbnailTests : IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("printcraft-thumbnails-");
    private readonly IOptions<ThumbnailOptions> _options = Options.Create(new ThumbnailOptions { SearchAge = TimeSpan.Zero });
    private ScratchDatabase _scratch = null!;
    private NpgsqlDataSource _database = null!;
    private ImageStore _store = null!;
    private MakeThumbnails _make = null!;
    private User _user = null!;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _database = NpgsqlDataSource.Create(_scratch.ConnectionString);
        _store = new ImageStore(Options.Create(new ImageStoreOptions { Folder = _folder.FullName }));
        _make = new MakeThumbnails(_database, _store, _options, NullLogger<MakeThumbnails>.Instance);
        _user = new User { Id = Guid.NewGuid(), Name = "somebody", CreatedAt = TimeProvider.System.GetUtcNow() };
        await _scratch.Db.EnsureUserAsync(_user, None);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _scratch.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public void Dispose() => _make.Dispose();

    [Fact]
    public async Task An_image_without_a_thumbnail_is_found_and_gets_it_once()
    {
        var job = await AddImageAsync(TestPng.Whole(512, 256));
        var find = new FindThumbnails(_make, _options);

        Assert.Equal(1, await find.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.Equal(0, await find.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.False(await _make.MakeAsync(job, 0, None));

        Assert.Equal(["thumb.webp", "preview.jpg", "png"], Kinds());
        Assert.Equal(["1|True"], await _scratch.Sql.ListAsync("SELECT thumbnail_tries, thumbnails_at IS NOT NULL FROM generation_images"));

        // One that comes later is found too, though the search has moved on.
        await AddImageAsync(TestPng.Whole(300, 300));
        Assert.Equal(1, await find.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
    }

    [Fact]
    public async Task A_picture_that_cannot_be_decoded_is_tried_three_times_and_then_left_alone()
    {
        await AddImageAsync([.. TestPng.Whole(64, 64)[..200]]);
        var find = new FindThumbnails(_make, _options);

        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(0, await find.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        }

        Assert.Equal(["3|True"], await _scratch.Sql.ListAsync("SELECT thumbnail_tries, thumbnails_at IS NULL FROM generation_images"));
    }

    [Fact]
    public async Task One_that_ended_its_worker_is_not_begun_for_ever()
    {
        // As three killed workers leave it: begun, never ended.
        var job = await AddImageAsync(TestPng.Whole(64, 64));
        await _scratch.Sql.ExecuteAsync("UPDATE generation_images SET thumbnail_tries = 3");

        Assert.False(await _make.MakeAsync(job, 0, None));
        Assert.Equal(["png"], Kinds());
    }

    [Fact]
    public async Task A_deleted_generation_gets_none_and_takes_those_it_had_with_it()
    {
        var (gone, kept) = (await AddImageAsync(TestPng.Whole(64, 64)), await AddImageAsync(TestPng.Whole(65, 64)));
        Assert.True(await _make.MakeAsync(gone, 0, None));
        await _scratch.Sql.ExecuteAsync($"UPDATE generations SET hidden_at = now() WHERE id = '{gone}'");
        await new RemoveFiles(_store, Options.Create(new ReconciliationOptions()), TimeProvider.System).RunOnceAsync(await _scratch.Db.OpenAsync(None), None);

        Assert.Equal(["png"], Kinds());
        await _scratch.Sql.ExecuteAsync($"UPDATE generations SET hidden_at = now() WHERE id = '{kept}'");
        Assert.False(await _make.MakeAsync(kept, 0, None));
        Assert.Equal(["png"], Kinds());
    }

    [Fact]
    public async Task Switched_off_nothing_is_made()
    {
        await AddImageAsync(TestPng.Whole(64, 64));
        var off = Options.Create(new ThumbnailOptions { Enabled = false });

        Assert.Equal(0, await new FindThumbnails(_make, off).RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.Equal(["png"], Kinds());
    }

    [Fact]
    public async Task Uploads_go_when_their_time_is_over_unless_a_job_that_runs_needs_them()
    {
        var (over, needed, young) = (await AddUploadAsync("-1 minute"), await AddUploadAsync("-1 minute"), await AddUploadAsync("1 hour"));
        var job = await AddJobAsync(needed);
        var sweep = new RemoveUploads(_store, Options.Create(new ReconciliationOptions()));

        Assert.Equal(1, await sweep.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.Equal(new[] { needed, young }.Order().Select(id => $"{id}"), await _scratch.Sql.ListAsync("SELECT id FROM uploads ORDER BY 1"));
        Assert.DoesNotContain(_folder.GetFiles("*", SearchOption.AllDirectories), file => file.Name.StartsWith($"{over}", StringComparison.Ordinal));
        Assert.Equal(4, _folder.GetFiles("*", SearchOption.AllDirectories).Length);

        await _scratch.Sql.ExecuteAsync($"""
            UPDATE generation_images SET status = 'canceled', completed_at = now() WHERE generation_id = '{job}';
            UPDATE generations SET status = 'canceled', completed_at = now(), due_at = NULL, refunded = 4 WHERE id = '{job}'
            """);
        Assert.Equal(1, await sweep.RunOnceAsync(await _scratch.Db.OpenAsync(None), None));
        Assert.Equal([$"{young}"], await _scratch.Sql.ListAsync("SELECT id FROM uploads"));
    }

    private IEnumerable<string> Kinds() => _folder.GetFiles("*", SearchOption.AllDirectories)
        .Select(file => file.Name.Split('-', '.') is [.., var kind, var type] && kind is "thumb" or "preview" ? $"{kind}.{type}" : file.Name.Split('.')[^1])
        .OrderDescending(StringComparer.Ordinal);

    private async Task<Guid> AddImageAsync(byte[] content)
    {
        var job = await AddJobAsync(reference: null);
        var file = _store.Save(_user.Id, job, 0, content);
        await _scratch.Sql.ExecuteAsync($"""
            UPDATE generation_images SET status = 'succeeded', submit_intent_at = now(), token = 't', prediction_id = '{job}', storage_key = '{file.Key}', sha256 = 's',
                bytes = 3, width = 1, height = 1, completed_at = now() - interval '1 second' WHERE generation_id = '{job}';
            UPDATE generations SET status = 'succeeded', started_at = now(), completed_at = now(), due_at = NULL, charged = 4, progress = 100 WHERE id = '{job}'
            """);
        return job;
    }

    private async Task<Guid> AddJobAsync(Guid? reference)
    {
        Assert.True(OrderRules.TryOrder(new GenerationDraft("a fox", null, null, "standard", 512, 512, 1, 1, null, null, reference), new ModelCatalog(), out var order, out _));
        var job = NewGeneration.Of(order, _user.Id, 5, new GenerationPolicy(), TimeProvider.System.GetUtcNow());
        Assert.True((await _scratch.Db.AcceptAsync(job, None)).Taken);
        return job.Id;
    }

    private async Task<Guid> AddUploadAsync(string expiresIn)
    {
        var id = Guid.CreateVersion7();
        var file = _store.SaveUpload(_user.Id, id, [1, 2, 3]);
        _store.Publish(_store.Stage([4]), PictureKeys.UploadedFile(_user.Id, id));
        await _scratch.Sql.ExecuteAsync($"""
            INSERT INTO uploads (id, user_id, status, content_type, bytes, file_sha256, storage_key, sha256, stored_bytes, width, height, created_at, expires_at)
            VALUES ('{id}', '{_user.Id}', 'ready', 'image/png', 3, 's', '{file.Key}', 's', 3, 1, 1, now(), now() + interval '{expiresIn}')
            """);
        return id;
    }
}
