using System.Net;
using System.Net.Sockets;

using Microsoft.AspNetCore.Builder;

using PrintCraft.Tests.RateLimits;

namespace PrintCraft.Tests.Cli;

/// <summary>Whatever goes wrong has an exit code of its own, a sentence, and something to do about it; as a document too.</summary>
public sealed class ErrorTests : CliFolder
{
    [Theory]
    [InlineData("generate")]
    [InlineData("generate", "a fox", "a hen")]
    [InlineData("generate", "a fox", "--width", "wide")]
    [InlineData("generate", "a fox", "--seed", "99999999999999999999")]
    [InlineData("generate", "a fox", "--colour", "red")]
    [InlineData("generate", "a fox", "--api", "localhost:5310")]
    [InlineData("generate", "a fox", "--api", "ftp://localhost")]
    [InlineData("generate", "a fox", "--credential", "two words")]
    [InlineData("jobs", "show")]
    [InlineData("jobs", "show", "12")]
    [InlineData("jobs", "watch", "--out", "fox.png")]
    [InlineData("keys", "create")]
    [InlineData("keys", "create", "--name", "ci", "--expires", "tomorrow")]
    [InlineData("paint")]
    public async Task Words_that_mean_nothing_end_with_2_before_anything_is_sent(params string[] words)
    {
        var nobody = new Uri($"http://localhost:{FreePort()}");

        var run = (await CliProcess.RunAsync(nobody, User.Credential, Folder, [.. words, "--json"])).Is(2);

        Assert.Equal("usage", run.Error.GetProperty("code").GetString());
        Assert.NotEqual("", run.Error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Without_words_it_names_its_commands_and_ends_with_2()
    {
        var run = (await RunAsync()).Is(2);

        Assert.Empty(run.Output);
        Assert.Contains(run.Errors, line => line.StartsWith("  generate <prompt>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_API_finds_wrong_is_told_by_option()
    {
        var run = (await RunAsync("generate", "a fox", "--width", "100", "--style", "oil", "--count", "9")).Is(2);

        Assert.Contains("(invalid_request)", run.Errors[0], StringComparison.Ordinal);
        Assert.Contains(run.Errors, line => line.StartsWith("  --width must be", StringComparison.Ordinal));
        Assert.Contains(run.Errors, line => line.StartsWith("  --style must be", StringComparison.Ordinal));
        Assert.Contains(run.Errors, line => line.StartsWith("  --count must be", StringComparison.Ordinal));
        Assert.Matches("^  Trace [0-9a-f]{32}$", run.Errors[^1]);
    }

    [Fact]
    public async Task Without_a_credential_or_with_a_wrong_one_it_ends_with_3_and_shows_none()
    {
        var wrong = $"{User.Credential[..^4]}0000";

        var none = (await CliProcess.RunAsync(App.Address, null, Folder, "credits")).Is(3);
        var refused = (await CliProcess.RunAsync(App.Address, wrong, Folder, "credits", "--json")).Is(3);
        var misspelt = (await RunAsync("credits", "--credentials", User.Credential)).Is(2);

        Assert.Contains("Set PRINTCRAFT_CREDENTIAL", none.Errors[1], StringComparison.Ordinal);
        Assert.Equal("invalid_token", refused.Error.GetProperty("code").GetString());
        Assert.Equal(3, refused.Document.GetProperty("exitCode").GetInt32());
        Assert.All([none, refused, misspelt], run => Assert.DoesNotContain(User.Credential[..20], run.Story, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_option_wins_over_its_variable()
    {
        (await CliProcess.RunAsync(new Uri("http://localhost:1"), "pcdev_wrong.00", Folder, "credits", "--api", App.Address.ToString(), "--credential", User.Credential)).Is(0);
    }

    [Fact]
    public async Task What_cannot_be_paid_and_what_is_too_dear_end_with_4_and_cost_nothing()
    {
        var poor = (await RunAsync("generate", "a fox", "--quality", "high", "--width", "1440", "--height", "1440", "--count", "4", "--json")).Is(4);
        var dear = (await RunAsync("generate", "a fox", "--quality", "high", "--max-credits", "7", "--json")).Is(4);

        Assert.Equal(["insufficient_credits", "precondition_failed"], new[] { poor, dear }.Select(run => run.Error.GetProperty("code").GetString()));
        Assert.Equal(50, (await User.Api.GetCreditsAsync(None)).Available);
    }

    [Fact]
    public async Task Too_much_at_a_time_ends_with_5_and_says_when_to_come_back()
    {
        await using var api = await SmallApi.StartAsync(
            routes => routes.MapGet("/api/v1/credits", () => new { available = 1, held = 0, expiring = Array.Empty<object>() }), ("IpRequests", "1"), ("IpWindow", "00:05:00"));

        (await CliProcess.RunAsync(api.Http.BaseAddress!, User.Credential, Folder, "credits")).Is(0);
        var run = (await CliProcess.RunAsync(api.Http.BaseAddress!, User.Credential, Folder, "credits", "--json")).Is(5);

        Assert.Equal("rate_limited", run.Error.GetProperty("code").GetString());
        Assert.Matches(@"^Try again in \d+ s\.$", run.Document.GetProperty("advice").GetString());
    }

    [Fact]
    public async Task An_API_that_is_not_there_or_is_none_ends_with_6()
    {
        var nobody = new Uri($"http://localhost:{FreePort()}");
        using var simulator = App.Http("replicate");

        var down = (await CliProcess.RunAsync(nobody, User.Credential, Folder, "generate", "a fox", "--json")).Is(6);
        var other = (await CliProcess.RunAsync(simulator.BaseAddress!, User.Credential, Folder, "credits", "--json")).Is(6);

        Assert.Equal(["no_answer", "no_printcraft"], new[] { down, other }.Select(run => run.Error.GetProperty("code").GetString()));
        Assert.Contains("dotnet run --project PrintCraft.AppHost", down.Document.GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.Contains("--idempotency-key", down.Document.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs", "show")]
    [InlineData("jobs", "cancel")]
    [InlineData("jobs", "retry")]
    [InlineData("jobs", "watch")]
    [InlineData("keys", "rotate")]
    public async Task What_there_is_not_ends_with_7(params string[] words)
    {
        var run = (await RunAsync([.. words, $"{Guid.NewGuid()}", "--json"])).Is(7);

        Assert.Equal("not_found", run.Error.GetProperty("code").GetString());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
