namespace PrintCraft.Tests.Cli;

/// <summary>`printcraft credits` and `printcraft keys`.</summary>
public sealed class CreditsAndKeysTests : CliFolder
{
    [Fact]
    public async Task The_balance_and_what_moved_it()
    {
        var job = await EndedAsync();

        Assert.Equal("49 available, 0 held by jobs that run", (await RunAsync("credits")).Is(0).Output[0]);
        Assert.Equal(49, (await RunAsync("credits", "--json")).Is(0).Document.GetProperty("available").GetInt64());
        var ledger = (await RunAsync("credits", "ledger")).Is(0).Output.Select(line => line.Split('\t')).ToList();
        Assert.Equal(["capture|0|-1", "hold|-1|+1", "grant|+50|0"], ledger.Select(row => $"{row[1]}|{row[2]}|{row[3]}"));
        Assert.Equal([$"{job.Id}", $"{job.Id}", ""], ledger.Select(row => row[4]));
        Assert.Single((await RunAsync("credits", "ledger", "--limit", "1", "--json")).Is(0).Document.GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_key_is_shown_once_works_is_rotated_and_stops()
    {
        var made = (await RunAsync("keys", "create", "--name", "ci", "--scope", "read", "--expires", "2099-12-31")).Is(0);
        var secret = Assert.Single(made.Output);
        var listed = (await RunAsync("keys")).Is(0);
        var row = Assert.Single(listed.Output).Split('\t');
        var byKey = (await CliProcess.RunAsync(App.Address, secret, Folder, "credits")).Is(0);
        var mayNot = (await CliProcess.RunAsync(App.Address, secret, Folder, "generate", "a fox", "--json")).Is(3);
        var rotated = Assert.Single((await RunAsync("keys", "rotate", row[0])).Is(0).Output);
        (await RunAsync("keys", "revoke", row[0])).Is(0);
        (await RunAsync("keys", "revoke", row[0], "--json")).Is(0);

        Assert.StartsWith("pck_", secret, StringComparison.Ordinal);
        Assert.Equal(["ci", secret[..12], "read"], row[1..4]);
        Assert.StartsWith("2099-12-31", row[6], StringComparison.Ordinal);
        Assert.DoesNotContain(secret, listed.Story, StringComparison.Ordinal);
        Assert.Equal("50 available, 0 held by jobs that run", byKey.Output[0]);
        Assert.Equal("forbidden", mayNot.Error.GetProperty("code").GetString());
        Assert.NotEqual(secret, rotated);
        Assert.Empty((await RunAsync("keys")).Is(0).Output);
        (await RunAsync("keys", "rotate", row[0])).Is(7);
    }

    [Fact]
    public async Task A_key_as_JSON_has_its_secret()
    {
        var key = (await RunAsync("keys", "create", "--name", "ci", "--json")).Is(0).Document;

        Assert.Equal(["read", "write"], key.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.StartsWith("pck_", key.GetProperty("key").GetString(), StringComparison.Ordinal);
        Assert.Single((await User.Api.ListApiKeysAsync(null, null, None)).Data, listed => listed.Key is null);
    }
}
