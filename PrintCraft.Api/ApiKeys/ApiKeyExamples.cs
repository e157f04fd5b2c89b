using PrintCraft.Api.Paging;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.ApiKeys;

/// <summary>A key, for the document.</summary>
internal static class ApiKeyExamples
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly ApiKeyRequest Order = new("my shop", [Scopes.Read, Scopes.Write], At.AddYears(1));

    public static readonly ApiKeyResource Key = new(
        new Guid("01980a60-2b4c-7d5e-8f70-1a2b3c4d5e6f"), "my shop", "pck_4f7a2c9e", [Scopes.Read, Scopes.Write], At, At.AddHours(1), null, At.AddYears(1));

    public static readonly ApiKeyResource Made = Key with { LastUsedAt = null, Key = "pck_4f7a2c9e_Q2ZESjhNMng…" };

    public static readonly Feed<ApiKeyResource> Keys = new([Key], new FeedPagination(20, false, null));
}
