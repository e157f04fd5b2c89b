using PrintCraft.Core.Identity;

namespace PrintCraft.Tests.Identity;

public sealed class ChangesTests
{
    [Fact]
    public void Only_what_differs_is_told_and_nothing_is_null()
    {
        var before = new { Name = "Ana", Role = "user", Scopes = (string[])["read"] };

        Assert.Null(Changes.Between(before, new { Name = "Ana", Role = "user", Scopes = (string[])["read"] }));
        Assert.Equal(
            """{"role":{"from":"user","to":"admin"},"scopes":{"from":["read"],"to":["read","write"]}}""",
            Changes.Between(before, new { Name = "Ana", Role = "admin", Scopes = (string[])["read", "write"] })!.ToJsonString());
        Assert.Equal("""{"name":{"from":null,"to":"Ana"}}""", Changes.Between(null, new { Name = "Ana", Role = (string?)null })!.ToJsonString());
    }
}
