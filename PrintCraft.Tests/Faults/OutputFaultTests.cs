using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Faults;

/// <summary>What the provider serves as the picture is none, or never ends, or is gone.</summary>
[Collection(nameof(ProviderFaults))]
public sealed class OutputFaultTests(QuietScenario fixture)
{
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    [Trait("Fault", "F18")]
    public async Task An_output_that_is_gone_fails_as_expired_and_is_released()
    {
        var user = _scenario.NewUser();

        var ids = await Task.WhenAll(_scenario.OrderAsync(user, "slow=0.1 output=gone"), _scenario.OrderAsync(user, "slow=0.1 output-lifetime=0"));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("failed|output_expired|0|1", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F19")]
    public async Task A_file_that_is_no_whole_picture_of_the_asked_size_fails_is_released_and_is_never_made_again()
    {
        var user = _scenario.NewUser();
        string[] outputs = ["truncated", "oversized", "endless", "html", "wrong-size", "jpeg", "corrupt", "bomb", "unavailable", "redirect", "metadata", "file"];

        var outcomes = await Task.WhenAll(outputs.Select(async output =>
        {
            var id = await _scenario.OrderAsync(user, $"slow=0.1 output={output}");
            return $"{output}: {await _scenario.EndAsync(id)}, {await _scenario.SpendAsync(id)} bought";
        }));

        Assert.Equal(outputs.Select(output => $"{output}: failed|output_unusable|0|1, 1 bought"), outcomes);
        await NothingTemporaryIsLeftAsync();
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F19")]
    public async Task A_download_that_fails_once_is_repeated_and_the_picture_is_not_made_again()
    {
        var user = _scenario.NewUser();
        string[] outputs = ["truncated", "html", "corrupt", "unavailable"];

        var ids = await Task.WhenAll(outputs.Select(output => _scenario.OrderAsync(user, $"slow=0.1 output={output} output-times=1")));

        Assert.All(await Task.WhenAll(ids.Select(id => _scenario.EndAsync(id))), outcome => Assert.Equal("succeeded||1|0", outcome));
        Assert.All(await Task.WhenAll(ids.Select(_scenario.SpendAsync)), spend => Assert.Equal(1, spend));
        await _scenario.AssertInvariantsAsync();
    }

    [Fact]
    [Trait("Fault", "F20")]
    public async Task A_store_that_refuses_for_a_moment_costs_a_try_and_one_that_stays_broken_releases_the_hold()
    {
        var (unlucky, neighbour) = (_scenario.NewUser(), _scenario.NewUser());
        var blocked = Path.Combine(_scenario.ImageFolder, "generations", $"{unlucky.Id}");
        Directory.CreateDirectory(Path.GetDirectoryName(blocked)!);
        // A file where the user's folder should be: every write of theirs is refused, and nobody else's.
        await File.WriteAllTextAsync(blocked, "");

        var broken = await _scenario.OrderAsync(unlucky, "slow=0.1");
        var fine = await _scenario.OrderAsync(neighbour, "slow=0.1");

        Assert.Equal(("failed|output_unusable|0|1", "succeeded||1|0"), (await _scenario.EndAsync(broken), await _scenario.EndAsync(fine)));
        File.Delete(blocked);
        Assert.Equal("succeeded||1|0", await _scenario.EndAsync(await _scenario.OrderAsync(unlucky, "slow=0.1")));
        await NothingTemporaryIsLeftAsync();
        await _scenario.AssertInvariantsAsync();
    }

    /// <summary>Soon: thumbnails are made behind the work, and have temporary files too.</summary>
    private async Task NothingTemporaryIsLeftAsync()
    {
        string[] left = [];
        await Eventually.HoldsAsync(
            () => Task.FromResult((left = Directory.Exists(_scenario.ImageFolder) ? Directory.GetFiles(_scenario.ImageFolder, "*.tmp", SearchOption.AllDirectories) : []).Length == 0),
            () => $"no temporary file to be left: {string.Join(", ", left)}",
            TimeSpan.FromSeconds(30));
    }
}
