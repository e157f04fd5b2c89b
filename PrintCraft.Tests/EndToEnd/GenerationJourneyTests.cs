using System.Net;
using System.Security.Cryptography;

using PrintCraft.Client;
using PrintCraft.Core.Images;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.EndToEnd;

public sealed class GenerationJourneyTests
{
    [Fact]
    public async Task A_prompt_becomes_a_png_of_the_asked_size_and_is_charged_once()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a lighthouse at sunset", "watercolor", new(Width: 768, Height: 512)), CancellationToken.None);
        Assert.Equal((GenerationStatus.Pending, 10), (created.Status, created.Progress));
        Assert.Equal(new GenerationCredits(4, 0, 0), created.Credits);

        var done = await app.WaitUntilFinalAsync(user, created.Id);
        Assert.Equal((GenerationStatus.Succeeded, 100), (done.Status, done.Progress));
        Assert.Equal(new GenerationCredits(0, 4, 0), done.Credits);
        Assert.Equal(("stability-ai/sdxl", 4), (done.Metadata.ModelUsed, done.Metadata.Cost));

        var image = Assert.Single(done.Images);
        Assert.Equal(image.Url, done.ImageUrl);
        var bytes = await app.Http("api").GetByteArrayAsync(image.Url);
        Assert.Equal((768, 512, null), PngFile.Inspect(bytes));
        Assert.Equal((image.Bytes, image.Sha256), (bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));

        var database = await app.DatabaseAsync();
        Assert.Equal(["hold|4", "capture|4"], await database.JournalsAsync(created.Id));
        Assert.Equal((46, 0), (await database.BalanceAsync(user.Id, "available"), await database.BalanceAsync(user.Id, "held")));
        Assert.Equal(1, await Spend.CountAsync(app, created.Id));
        await database.AssertLedgerHoldsAsync(user.Id);
    }

    [Fact]
    public async Task An_image_gets_a_thumbnail_and_a_preview_soon_after_it_and_loses_them_with_it()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a lighthouse at sunset", "watercolor", new("standard", 1280, 640, Count: 2)), CancellationToken.None);
        var done = await app.WaitUntilFinalAsync(user, created.Id);

        await Eventually.HoldsAsync(
            async () => (done = await user.Api.GetGenerationAsync(created.Id, CancellationToken.None)).Images.All(image => image.ThumbnailUrl is not null),
            () => $"thumbnails: {done}{Environment.NewLine}{app.Story()}",
            TimeSpan.FromSeconds(40));

        Assert.Equal((done.Images[0].ThumbnailUrl, done.Images[0].PreviewUrl), (done.ThumbnailUrl, done.PreviewUrl));
        foreach (var (url, type, format) in done.Images.SelectMany(image => new[] { (image.ThumbnailUrl, "image/webp", PictureFormat.Webp), (image.PreviewUrl, "image/jpeg", PictureFormat.Jpeg) }))
        {
            using var answer = await app.Http("api").GetAsync(url);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            Assert.Equal(format, PictureFormats.Of(await answer.Content.ReadAsByteArrayAsync()));
        }

        await user.Api.DeleteGenerationAsync(created.Id, CancellationToken.None);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http("api").GetAsync(done.ThumbnailUrl)).StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(app.ImageFolder, "generations", $"{user.Id}"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var first = await MakeAsync(42);
        var again = await MakeAsync(42);
        var other = await MakeAsync(43);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        async Task<string> MakeAsync(long seed)
        {
            var created = await user.Api.CreateGenerationAsync(new NewGeneration("a fox in the snow", "cartoon", new("draft", 512, 512, seed)), CancellationToken.None);
            return (await app.WaitUntilFinalAsync(user, created.Id)).Images.Single().Sha256;
        }
    }

    [Fact]
    public async Task Two_images_have_two_seeds_two_predictions_and_one_hold()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        var created = await user.Api.CreateGenerationAsync(new NewGeneration("mountains", "minimalist", new("draft", Seed: 7, Count: 2)), CancellationToken.None);
        var done = await app.WaitUntilFinalAsync(user, created.Id);

        Assert.Equal([(0, 7L), (1, 8L)], done.Images.Select(image => (image.Index, image.Seed)));
        Assert.Equal(2, done.Images.Select(image => image.Sha256).Distinct().Count());
        Assert.Equal(new GenerationCredits(0, 2, 0), done.Credits);
        Assert.Equal(2, await Spend.CountAsync(app, created.Id));
        Assert.Equal(["hold|2", "capture|2"], await (await app.DatabaseAsync()).JournalsAsync(created.Id));
    }

    [Fact]
    public async Task Each_quality_runs_its_model_at_its_price()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        foreach (var (quality, model, cost) in new[] { ("draft", "black-forest-labs/flux-schnell", 1), ("standard", "stability-ai/sdxl", 4), ("high", "black-forest-labs/flux-1.1-pro", 8) })
        {
            var created = await user.Api.CreateGenerationAsync(new NewGeneration("a paper boat", Options: new(quality, 1024, 1024)), CancellationToken.None);
            var done = await app.WaitUntilFinalAsync(user, created.Id);
            Assert.Equal((GenerationStatus.Succeeded, model, cost), (done.Status, done.Metadata.ModelUsed, done.Credits.Charged));
        }
    }

    [Fact]
    public async Task Progress_is_told_by_numbered_events_without_gaps_that_never_go_back()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a harbour at night"), CancellationToken.None);
        await app.WaitUntilFinalAsync(user, created.Id);

        var events = await (await app.DatabaseAsync()).ListAsync(
            "SELECT seq, type, payload->>'progress' FROM generation_events WHERE generation_id = $1 ORDER BY seq", created.Id);

        var parts = events.Select(row => row.Split('|')).ToList();
        Assert.Equal(Enumerable.Range(1, parts.Count).Select(seq => $"{seq}"), parts.Select(part => part[0]));
        Assert.Equal(["accepted", "submitted", "output", "stored", "succeeded"], parts.Select(part => part[1]).Where(type => type != "progress"));
        var bar = parts.Select(part => int.Parse(part[2], null)).ToList();
        Assert.Equal(bar.Order(), bar);
        Assert.Equal((10, 100), (bar[0], bar[^1]));
    }

    [Fact]
    public async Task A_changed_or_foreign_image_address_is_not_found()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a bridge", Options: new("draft")), CancellationToken.None);
        var url = (await app.WaitUntilFinalAsync(user, created.Id)).ImageUrl!;
        var http = app.Http("api");

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(url)).StatusCode);
        foreach (var wrong in new[] { url[..^2] + "xx", url.Replace("expires=", "expires=1"), url.Split('?')[0], url.Replace("/0-", "/1-") })
        {
            var response = await http.GetAsync(wrong);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }
    }
}
