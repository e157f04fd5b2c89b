using System.Text.RegularExpressions;

using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>What the page says when something does not work, and what it does about it.</summary>
[Collection(nameof(StudioBrowser))]
public sealed class StudioErrorTests(StudioBrowser browser)
{
    [BrowserFact]
    public async Task Too_few_credits_are_told_before_and_after()
    {
        await using var studio = await browser.OpenSignedInAsync();
        studio.Expected = new Regex("402");
        await studio.Radio("High").CheckAsync();
        await studio.Radio("Large").CheckAsync();
        await studio.Radio("4").CheckAsync();
        await Expect(studio.Page.GetByText("You have 50 credits")).ToBeVisibleAsync();
        await studio.Prompt.FillAsync("four large pictures");

        await studio.Generate.ClickAsync();

        await Expect(studio.Notice).ToContainTextAsync("insufficient_credits");
        await Expect(studio.Notice).ToContainTextAsync("Choose a lower quality");
        await Expect(studio.Tiles).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Who_is_asked_to_wait_is_told_until_when_and_the_next_try_is_the_same_order()
    {
        await using var studio = await browser.OpenSignedInAsync();
        studio.Expected = new Regex("429|503");
        var keys = new List<string>();
        var refusals = new Queue<(int Status, string Code)>([(429, "rate_limited"), (503, "service_unavailable")]);
        await studio.Page.RouteAsync("**/api/v1/generations", async route =>
        {
            keys.Add(route.Request.Headers["idempotency-key"]);
            await (refusals.TryDequeue(out var refusal)
                ? route.FulfillAsync(new()
                {
                    Status = refusal.Status,
                    Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
                    ContentType = "application/problem+json",
                    Body = $$"""{"error":{"code":"{{refusal.Code}}","message":"Later.","details":[]} }""",
                })
                : route.ContinueAsync());
        });

        await studio.OrderAsync("a patient lake");
        await Expect(studio.Notice).ToContainTextAsync(new Regex("Try again at .*:.*rate_limited"));
        await studio.Generate.ClickAsync();
        await Expect(studio.Notice).ToContainTextAsync(new Regex("Nothing was lost.*Try again at .*service_unavailable"));
        await studio.Generate.ClickAsync();

        await Expect(studio.Download).ToBeVisibleAsync();
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [BrowserFact]
    public async Task Without_a_connection_it_says_so_and_goes_on_after_the_event_that_it_had()
    {
        await using var studio = await browser.OpenSignedInAsync();
        studio.Expected = new Regex("ERR_INTERNET_DISCONNECTED");
        await studio.OrderAsync("a lake [sim: slow=6]");
        await Expect(studio.Page.GetByText("Drawing your picture")).ToBeVisibleAsync();

        await studio.Context.SetOfflineAsync(true);
        await Expect(studio.Page.GetByText("Reconnecting…")).ToBeVisibleAsync();
        await studio.Generate.ClickAsync();
        await Expect(studio.Notice).ToContainTextAsync("cannot be reached");
        var back = studio.Page.WaitForRequestAsync("**/api/v1/generations/events");
        await studio.Context.SetOfflineAsync(false);

        Assert.Matches("^\\d+$", (await back).Headers["last-event-id"]);
        await Expect(studio.Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(studio.Download).ToBeVisibleAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task A_form_says_what_it_lacks_and_goes_there()
    {
        await using var studio = await browser.OpenSignedInAsync();

        await studio.Generate.ClickAsync();
        await Expect(studio.Page.GetByText("Say what you want to see.")).ToBeVisibleAsync();
        await Expect(studio.Prompt).ToBeFocusedAsync();
        await studio.Page.GetByText("More", new() { Exact = true }).ClickAsync();
        await studio.Page.GetByLabel("Seed").FillAsync("many");
        await studio.Prompt.FillAsync("a lake");
        await studio.Generate.ClickAsync();

        await Expect(studio.Page.GetByText("A seed is a whole number")).ToBeVisibleAsync();
        await Expect(studio.Page.GetByLabel("Seed")).ToBeFocusedAsync();
    }
}
