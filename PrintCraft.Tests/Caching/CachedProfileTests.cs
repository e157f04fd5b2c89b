using System.Net.Http.Json;
using System.Text.Json;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Caching;

/// <summary>A profile, read and changed at two API processes.</summary>
[Collection(nameof(ApiFaults))]
public sealed class CachedProfileTests(TwoApis fixture)
{
    [Fact]
    public async Task What_is_changed_at_one_process_is_seen_there_by_the_answer_and_soon_at_the_other()
    {
        var name = $"fault-{Guid.CreateVersion7():n}";
        var (a, b) = (fixture.Scenario.User(name), fixture.Scenario.User(name, api: 1));
        await FirstNameAsync(b);
        Assert.Null(await FirstNameAsync(a));

        using var changed = await a.Http.PutAsJsonAsync("/api/v1/users/me", new { firstName = "Ada" });

        changed.EnsureSuccessStatusCode();
        Assert.Equal("Ada", await FirstNameAsync(a));
        await Eventually.HoldsAsync(async () => await FirstNameAsync(b) == "Ada", () => "the other process to hear of it", TimeSpan.FromSeconds(20));
    }

    private static async Task<string?> FirstNameAsync(TestUser user) =>
        (await user.Http.GetFromJsonAsync<JsonElement>("/api/v1/users/me")).GetProperty("firstName").GetString();
}
