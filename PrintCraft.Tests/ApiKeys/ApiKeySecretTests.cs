using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.ApiKeys;

public sealed class ApiKeySecretTests
{
    [Fact]
    public void A_key_is_its_start_eight_characters_and_32_random_bytes()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => ApiKeySecret.Mint()).ToList();

        Assert.All(keys, key =>
        {
            Assert.Matches("^pck_[a-z0-9]{8}_[A-Za-z0-9_-]{43}$", key);
            Assert.Equal(32, Base64Url.DecodeFromChars(key.AsSpan(13)).Length);
            Assert.True(ApiKeySecret.IsKey(key));
            Assert.Equal(key[..12], ApiKeySecret.PrefixOf(key));
            Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(key)), ApiKeySecret.HashOf(key));
        });
        Assert.Equal(200, keys.Distinct().Count());
    }

    [Fact]
    public void What_only_looks_like_a_key_is_none()
    {
        var key = $"pck_abcd1234_{new string('A', 43)}";
        Assert.True(ApiKeySecret.IsKey(key));

        Assert.All(
            ["", "pck_", key[1..], key[..^1], $"{key}A", $" {key[1..]}", key.ToUpperInvariant(), key.Replace("4_", "4-", StringComparison.Ordinal), $"{key[..^1]}=", $"{key[..^1]}\n", $"{key[..^1]}+", $"{key[..^1]}é", key.Replace('c', 'C')],
            text => Assert.False(ApiKeySecret.IsKey(text), text));
    }
}
