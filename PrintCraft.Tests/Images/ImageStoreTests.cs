using System.Security.Cryptography;

using Microsoft.Extensions.Options;

using PrintCraft.Core.Images;

namespace PrintCraft.Tests.Images;

public sealed class ImageStoreTests : IDisposable
{
    private static readonly Guid User = new("01990000-0000-7000-8000-000000000002");
    private static readonly Guid Job = new("01990000-0000-7000-8000-000000000001");
    private static readonly byte[] Picture = TestPng.Whole(4, 4);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("printcraft-images-");

    private string Root => Path.Combine(_folder.FullName, "store");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_saved_picture_can_be_read_by_its_key()
    {
        var stored = Store().Save(User, Job, 2, Picture);

        var hash = Convert.ToHexStringLower(SHA256.HashData(Picture));
        Assert.Equal(new StoredImage($"generations/{User}/{Job}/2-{hash[..16]}.png", hash, Picture.Length), stored);
        Assert.Equal(Picture, await ReadAsync(Store(), stored.Key));
    }

    [Fact]
    public async Task The_same_picture_again_is_the_same_file()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store().Save(User, Job, 0, [.. Picture]).Key)));

        var key = Assert.Single(keys.Distinct());
        Assert.Equal([Path.Combine(Root, key)], Directory.GetFiles(Root, "*", SearchOption.AllDirectories));
        Assert.Equal(Picture, await ReadAsync(Store(), key));
    }

    [Fact]
    public async Task Another_picture_is_another_file()
    {
        var first = Store().Save(User, Job, 0, Picture);
        var second = Store().Save(User, Job, 0, TestPng.Whole(4, 5));

        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(Picture, await ReadAsync(Store(), first.Key));
    }

    [Fact]
    public void A_picture_that_cannot_be_saved_leaves_nothing()
    {
        Directory.CreateDirectory(Root);
        File.WriteAllText(Path.Combine(Root, "generations"), "in the way of the folder");

        Assert.ThrowsAny<IOException>(() => Store().Save(User, Job, 0, Picture));

        Assert.Equal([Path.Combine(Root, "generations")], Directory.GetFiles(Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_folder_may_be_written_with_a_slash_at_its_end()
    {
        var store = Store(Root + Path.DirectorySeparatorChar);

        var stored = store.Save(User, Job, 0, Picture);

        Assert.Equal(Picture, await ReadAsync(store, stored.Key));
    }

    [Fact]
    public async Task A_key_that_leads_out_of_the_store_opens_nothing()
    {
        var inside = Store().Save(User, Job, 0, Picture).Key;
        var outside = Path.Combine(_folder.FullName, "outside.png");
        var sibling = Path.Combine(_folder.FullName, "store-evil", "outside.png");
        Directory.CreateDirectory(Path.GetDirectoryName(sibling)!);
        await File.WriteAllBytesAsync(outside, Picture);
        await File.WriteAllBytesAsync(sibling, Picture);

        Assert.Equal(Picture, await ReadAsync(Store(), inside));
        Assert.All(
            [
                outside, "/etc/passwd", "../outside.png", "../store-evil/outside.png", $"{Path.GetDirectoryName(inside)}/../../../../outside.png",
                "generations/../../outside.png", "./../outside.png", "..", ".", "", "/", "generations", $"{inside}/", $"{inside}/../../../../../outside.png",
            ],
            key => Assert.Null(Store().Open(key)));
    }

    [Fact]
    public async Task A_key_that_was_never_saved_opens_nothing()
    {
        var key = Store().Save(User, Job, 0, Picture).Key;

        Assert.All(
            [key.Replace("/0-", "/1-", StringComparison.Ordinal), key.ToUpperInvariant(), key.Replace('/', '\\'), new string('x', 300)],
            other => Assert.Null(Store().Open(other)));
    }

    private ImageStore Store(string? folder = null) => new(Options.Create(new ImageStoreOptions { Folder = folder ?? Root }));

    private static async Task<byte[]> ReadAsync(ImageStore store, string key)
    {
        await using var file = Assert.IsType<FileStream>(store.Open(key));
        using var content = new MemoryStream();
        await file.CopyToAsync(content);
        return content.ToArray();
    }
}
