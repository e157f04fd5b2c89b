using System.Net;
using System.Net.Http.Headers;

using PrintCraft.Client;
using PrintCraft.Tests.Images;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Uploads;

/// <summary>Generations that start from an upload.</summary>
public sealed class ReferenceTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_generation_starts_from_an_upload_and_an_upload_stays_until_it_is_done()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var upload = await SendAsync(user, TestPng.Whole(300, 200));
        var other = await SendAsync(user, TestPng.Whole(200, 300));

        // Neither square nor of the upload's shape: the model makes its picture as large as the reference, so it must have been cut.
        var first = await OrderAsync(user, "[sim: slow=2] a fox", upload.Id);
        await Answers.RefusedAsync(() => user.Api.DeleteUploadAsync(upload.Id, None), HttpStatusCode.Conflict, "conflict");
        var (second, third, without) = (await OrderAsync(user, "[sim: slow=2] a fox", upload.Id), await OrderAsync(user, "[sim: slow=2] a fox", other.Id), await OrderAsync(user, "[sim: slow=2] a fox", null));

        Assert.Equal((upload.Id, 0.6), (first.Options.ReferenceImage, first.Options.Strength));
        var made = new List<Generation>();
        foreach (var one in new[] { first, second, third, without })
        {
            made.Add(await app.WaitUntilFinalAsync(user, one.Id));
        }

        Assert.All(made, one => Assert.Equal(GenerationStatus.Succeeded, one.Status));
        var hashes = made.ConvertAll(one => one.Images.Single().Sha256);
        Assert.Equal(hashes[0], hashes[1]);
        Assert.Equal(3, hashes.Distinct().Count());
        Assert.Equal(4, made[0].Credits.Charged);
        await user.Api.DeleteUploadAsync(upload.Id, None);
        await Answers.RefusedAsync(() => OrderAsync(user, "a fox", upload.Id), HttpStatusCode.BadRequest, "invalid_request");

        Task<Generation> OrderAsync(TestUser by, string prompt, Guid? reference) => by.Api.CreateGenerationAsync(
            new NewGeneration(prompt, "cartoon", new("standard", 640, 384, Seed: 7, ReferenceImage: reference, Strength: reference is null ? null : 0.6)), None);
    }

    [Fact]
    public async Task A_batch_and_the_best_quality_take_it_too()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var upload = await SendAsync(user, TestPng.Whole(300, 200));

        var batch = await user.Api.CreateBatchAsync(new NewBatch("a fox", Options: new("high", 512, 512, Seeds: [1, 2], ReferenceImage: upload.Id)), null, None);

        foreach (var entry in batch.Data)
        {
            var done = await app.WaitUntilFinalAsync(user, entry.Generation!.Id);
            Assert.Equal((GenerationStatus.Succeeded, upload.Id, null), (done.Status, done.Options.ReferenceImage, done.Options.Strength));
        }
    }

    [Fact]
    public async Task A_retry_keeps_the_reference_and_says_when_it_is_gone()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var upload = await SendAsync(user, TestPng.Whole(300, 200));
        var order = new NewGeneration("a fox [sim: end=nsfw]", Options: new("standard", 512, 512, ReferenceImage: upload.Id));
        var failed = await app.WaitUntilFinalAsync(user, (await user.Api.CreateGenerationAsync(order, None)).Id);
        Assert.Equal("content_refused", failed.Error?.Code);

        var again = await user.Api.RetryGenerationAsync(failed.Id, null, null, None);
        Assert.Equal((upload.Id, 0.8), (again.Options.ReferenceImage, again.Options.Strength));
        await app.WaitUntilFinalAsync(user, again.Id);

        await user.Api.DeleteUploadAsync(upload.Id, None);
        await Answers.RefusedAsync(() => user.Api.RetryGenerationAsync(failed.Id, null, null, None), HttpStatusCode.Conflict, "conflict");
    }

    [Fact]
    public async Task A_reference_that_vanished_fails_the_job_clearly_and_uncharged()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        var upload = await SendAsync(user, TestPng.Whole(300, 200));
        Directory.Delete(Path.Combine(app.ImageFolder, "uploads", $"{user.Id}"), recursive: true);

        var order = await user.Api.CreateGenerationAsync(new NewGeneration("a fox", Options: new("standard", 512, 512, ReferenceImage: upload.Id)), None);
        var done = await app.WaitUntilFinalAsync(user, order.Id);

        Assert.Equal(("reference_unusable", new GenerationCredits(0, 0, 4)), (done.Error?.Code, done.Credits));
        Assert.Equal(0, await Spend.CountAsync(app, order.Id));
    }

    private static async Task<Upload> SendAsync(TestUser user, byte[] png)
    {
        using var file = new ByteArrayContent(png);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        try
        {
            return await user.Api.CreateUploadAsync(file, None);
        }
        catch (Refit.ApiException exception)
        {
            throw new Xunit.Sdk.XunitException($"{exception.Content}{Environment.NewLine}{(await PrintCraftApp.GetAsync()).Story()}");
        }
    }
}
