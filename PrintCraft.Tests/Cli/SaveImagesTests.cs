using PrintCraft.Cli;
using PrintCraft.Cli.Images;

namespace PrintCraft.Tests.Cli;

/// <summary>A file is the image that the API tells of, or it is not there.</summary>
public sealed class SaveImagesTests : CliFolder
{
    [Fact]
    public async Task An_image_that_arrives_changed_too_long_or_too_short_is_not_kept()
    {
        var job = await EndedAsync();
        var image = Assert.Single(job.Images);

        foreach (var told in new[] { image with { Sha256 = new string('0', 64) }, image with { Bytes = image.Bytes - 1 }, image with { Bytes = image.Bytes + 1 } })
        {
            using var http = new HttpClient();
            var failed = await Assert.ThrowsAsync<CommandFailedException>(
                () => new SaveImages(http).SaveAsync(job with { Images = [told] }, new ImageFile(PathOf("fox.png"), Force: false), None));
            Assert.Equal((Exit.Failed, "damaged_image"), (failed.Failure.Exit, failed.Failure.Code));
        }

        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task A_file_that_came_in_between_stays()
    {
        var job = await EndedAsync();
        await File.WriteAllTextAsync(PathOf("fox.png"), "mine");
        using var http = new HttpClient();

        var failed = await Assert.ThrowsAsync<CommandFailedException>(() => new SaveImages(http).SaveAsync(job, new ImageFile(PathOf("fox.png"), Force: false), None));

        Assert.Equal("file", failed.Failure.Code);
        Assert.Contains($"printcraft jobs watch {job.Id}", failed.Failure.Advice, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(PathOf("fox.png")));
        Assert.Single(Directory.GetFileSystemEntries(Folder));
    }

    [Fact]
    public async Task An_address_that_is_gone_is_told_with_the_way_to_a_new_one()
    {
        var job = await EndedAsync();
        using var http = new HttpClient();

        var failed = await Assert.ThrowsAsync<CommandFailedException>(
            () => new SaveImages(http).SaveAsync(job with { Images = [job.Images[0] with { Url = $"{App.Address}images/none" }] }, new ImageFile(PathOf("fox.png"), Force: false), None));

        Assert.Contains($"printcraft jobs watch {job.Id}", failed.Failure.Advice, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
    }
}
