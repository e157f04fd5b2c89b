using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class RefreshTokenTests
{
    [Fact]
    public void What_is_made_can_be_read_and_no_two_are_the_same()
    {
        var session = Guid.CreateVersion7();
        var tokens = Enumerable.Range(0, 100).Select(_ => RefreshToken.Create(session)).ToList();

        Assert.All(tokens, token => Assert.True(RefreshToken.TryRead(token.Text, out var read) && read == token && read.SessionId == session));
        Assert.All(tokens, token => Assert.StartsWith("pcr_", token.Text, StringComparison.Ordinal));
        Assert.Equal(100, tokens.Select(token => Convert.ToHexString(token.Hash)).Distinct().Count());
    }

    [Fact]
    public void What_only_looks_like_one_is_refused()
    {
        var text = RefreshToken.Create(Guid.CreateVersion7()).Text;

        Assert.All(
            [null, "", "pcr_", text[1..], text[..^1], text + "A", $" {text}", "pca_" + text[4..], text.ToUpperInvariant(), text[..20] + "!" + text[21..], text[..20] + " " + text[21..], new string('é', text.Length)],
            wrong => Assert.False(RefreshToken.TryRead(wrong, out _)));
    }
}
