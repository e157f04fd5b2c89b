using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class DevelopmentCredentialTests
{
    private const string Key = "the key of this run";

    /// <summary>Worked out with another HMAC-SHA256 (openssl).</summary>
    private const string OfDev = "pcdev_dev.c6211823da7f14d75be1fd6ffe6702cb4db53f25a58cdc790cd426a63b3f4b21";

    [Fact]
    public void A_credential_is_the_name_and_its_signature() => Assert.Equal(OfDev, DevelopmentCredential.Mint(Key, "dev"));

    [Theory]
    [InlineData("dev")]
    [InlineData("a")]
    [InlineData("Ana-Lucia_2")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void What_is_minted_can_be_read(string name)
    {
        Assert.True(DevelopmentCredential.TryRead(Key, DevelopmentCredential.Mint(Key, name), out var read));
        Assert.Equal(name, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void A_name_is_1_to_64_letters_digits_and_dashes(string name)
    {
        Assert.Throws<ArgumentException>(() => DevelopmentCredential.Mint(Key, name));
    }

    [Fact]
    public void A_credential_of_another_run_is_refused() => AssertRefused(DevelopmentCredential.Mint("the key of another run", "dev"));

    [Fact]
    public void A_credential_with_one_changed_character_is_refused()
    {
        Assert.All(Enumerable.Range(0, OfDev.Length), at => AssertRefused($"{OfDev[..at]}{(OfDev[at] == 'x' ? 'y' : 'x')}{OfDev[(at + 1)..]}"));
    }

    [Fact]
    public void The_signature_of_one_name_does_not_serve_another() => AssertRefused(OfDev.Replace("dev.", "eve.", StringComparison.Ordinal));

    [Fact]
    public void What_only_looks_like_a_credential_is_refused()
    {
        Assert.All(
            [
                "", ".", "pcdev_", "pcdev_.", "pcdev_dev", "pcdev_dev.", "pcdev.dev", "dev", OfDev[1..], OfDev[..^1], $" {OfDev}", $"{OfDev} ", $"{OfDev}0",
                OfDev.ToUpperInvariant(), OfDev.Replace("pcdev_", "PCDEV_", StringComparison.Ordinal), $"{OfDev[..10]}{OfDev[10..].ToUpperInvariant()}", $"Bearer {OfDev}",
                OfDev.Replace('.', ':'), OfDev.Replace(".", "..", StringComparison.Ordinal), OfDev + ".dev", $"pcdev_{OfDev}", new string('é', OfDev.Length),
            ],
            AssertRefused);
    }

    /// <summary>A name that Mint refuses, signed by somebody who has the key.</summary>
    [Fact]
    public void A_wrong_name_is_refused_even_when_it_is_signed() => AssertRefused("pcdev_a.b.1b3874a81f5f71635617b82b8054fe7a6a67213b4ffc5f8150c16640f5bd4ddc");

    /// <summary>Fixed for ever: data that was kept belongs to these ids. The first 16 bytes of a SHA-256 with version 8 and the RFC's variant.</summary>
    [Theory]
    [InlineData("dev", "989b8da0-eae4-8268-9706-326705d38046")]
    [InlineData("Dev", "9bda8da8-8929-88b3-95ef-4594938ef07f")]
    public void A_name_is_always_the_same_user(string name, string id) => Assert.Equal(new Guid(id), DevelopmentCredential.UserId(name));

    private static void AssertRefused(string credential)
    {
        Assert.False(DevelopmentCredential.TryRead(Key, credential, out var name));
        Assert.Null(name);
    }
}
