using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrintCraft.Tests.Identity;

/// <summary>A key as Google has them, and tokens that are signed with it: good ones, and such as nobody should accept.</summary>
public sealed class FirebaseSigner
{
    public const string Project = "printcraft-test";

    private readonly RSA _key = RSA.Create(2048);

    private FirebaseSigner(string keyId)
    {
        KeyId = keyId;
        var request = new CertificateRequest("CN=securetoken.system.gserviceaccount.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        Certificate = certificate.ExportCertificatePem();
    }

    /// <summary>Google's key.</summary>
    public static FirebaseSigner Genuine { get; } = new("key-1");

    /// <summary>The one that follows it.</summary>
    public static FirebaseSigner Next { get; } = new("key-2");

    /// <summary>Somebody else's, under the id of Google's.</summary>
    public static FirebaseSigner Stranger { get; } = new("key-1");

    public string KeyId { get; }

    /// <summary>What Google publishes of the key.</summary>
    public string Certificate { get; }

    public JsonObject Header => new() { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = "JWT" };

    /// <summary>What a good token says.</summary>
    public static JsonObject Payload(string uid = "uid-of-ada") => new()
    {
        ["iss"] = $"https://securetoken.google.com/{Project}",
        ["aud"] = Project,
        ["sub"] = uid,
        ["user_id"] = uid,
        ["auth_time"] = Seconds(-60),
        ["iat"] = Seconds(-60),
        ["exp"] = Seconds(3540),
        ["email"] = "ada@example.com",
        ["email_verified"] = true,
        ["name"] = "Ada",
        ["firebase"] = new JsonObject { ["identities"] = new JsonObject { ["email"] = new JsonArray("ada@example.com") }, ["sign_in_provider"] = "password" },
    };

    /// <summary>A time of the Unix epoch, so many seconds from now.</summary>
    public static long Seconds(double fromNow) => TimeProvider.System.GetUtcNow().AddSeconds(fromNow).ToUnixTimeSeconds();

    public string Token(JsonNode? payload = null, JsonNode? header = null) => Sign(header ?? Header, payload ?? Payload());

    public string Sign(JsonNode header, JsonNode payload)
    {
        var text = Text(header, payload);
        return $"{text}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>Signed with what everybody knows, as if it were a secret.</summary>
    public string SignWithPublicKey(JsonNode payload)
    {
        var text = Text(With(Header, "alg", "HS256"), payload);
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Certificate), Encoding.ASCII.GetBytes(text)))}";
    }

    public static string WithoutSignature(JsonNode header, JsonNode payload) => $"{Text(header, payload)}.";

    public static JsonObject With(JsonObject json, string member, JsonNode? value)
    {
        json[member] = value;
        return json;
    }

    public static JsonObject Without(JsonObject json, string member)
    {
        json.Remove(member);
        return json;
    }

    private static string Text(JsonNode header, JsonNode payload) => $"{Part(header)}.{Part(payload)}";

    private static string Part(JsonNode json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
