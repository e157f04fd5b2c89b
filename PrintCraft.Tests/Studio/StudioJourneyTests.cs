using System.Text.RegularExpressions;

using Microsoft.Playwright;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>From a prompt to a picture, and everything that can be done with it.</summary>
[Collection(nameof(StudioBrowser))]
public sealed class StudioJourneyTests(StudioBrowser browser)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [BrowserFact]
    public async Task A_prompt_becomes_a_picture_while_a_bar_moves_and_a_reload_goes_on_with_both()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);
        await Expect(studio.Button("50 credits")).ToBeVisibleAsync();
        await Expect(studio.Generate).ToContainTextAsync("4 credits");

        await studio.OrderAsync("a lighthouse above the sea [sim: slow=5]");
        var seen = new List<double> { await studio.ProgressAsync() };
        await Eventually.HoldsAsync(() => HasMovedAsync(2), () => $"the bar to move: {string.Join(' ', seen)}", TimeSpan.FromSeconds(30));
        await studio.Page.ReloadAsync();
        await Expect(studio.Progress).ToBeVisibleAsync();
        await Eventually.HoldsAsync(() => HasMovedAsync(4), () => $"the bar to move on: {string.Join(' ', seen)}", TimeSpan.FromSeconds(30));

        await Expect(studio.Download).ToBeVisibleAsync();
        var job = Assert.Single((await user.Api.ListGenerationsAsync(10, null, None)).Data);
        Assert.Equal(GenerationStatus.Succeeded, job.Status);
        await Expect(studio.Button("49 credits")).ToBeVisibleAsync();
        var trace = await studio.Page.GetByRole(AriaRole.Link, new() { Name = "Trace" }).GetAttributeAsync("href");
        Assert.Equal($"{app.Configuration["ASPNETCORE_URLS"]!.Split(';')[0]}/traces/detail/{job.TraceId}", trace);

        async Task<bool> HasMovedAsync(int steps)
        {
            if (await studio.Progress.CountAsync() > 0 && await studio.ProgressAsync() is var now && now > seen[^1])
            {
                seen.Add(now);
            }

            return seen.Count > steps;
        }
    }

    [BrowserFact]
    public async Task Two_clicks_order_one_picture_also_when_the_first_is_answered_between_them()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);
        await studio.Radio("Draft").CheckAsync();
        await studio.Prompt.FillAsync("two boats");
        var answers = 0;
        studio.Page.Response += (_, answer) => answers += answer.Request.Method == "POST" && answer.Url.EndsWith("/generations", StringComparison.Ordinal) ? 1 : 0;

        await studio.Generate.DblClickAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(answers > 0), () => "the first answer", TimeSpan.FromSeconds(20));
        await studio.Generate.EvaluateAsync("button => button.click()");
        await Eventually.HoldsAsync(() => Task.FromResult(answers > 1), () => "the answer to the last click", TimeSpan.FromSeconds(20));

        await Expect(studio.Download).ToBeVisibleAsync();
        Assert.Single((await user.Api.ListGenerationsAsync(10, null, None)).Data);
        await Expect(studio.Button("49 credits")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task What_runs_is_cancelled_and_what_failed_is_tried_again()
    {
        await using var studio = await browser.OpenSignedInAsync();

        await studio.OrderAsync("never ready [sim: stuck=processing]");
        await studio.Button("Cancel").ClickAsync();
        await Expect(studio.Page.GetByText("You cancelled this one.")).ToBeVisibleAsync();
        await Expect(studio.Button("50 credits")).ToBeVisibleAsync();

        await studio.OrderAsync($"{Guid.NewGuid():n} [sim: end=nsfw times=1]");
        await Expect(studio.Page.GetByText("content_refused")).ToBeVisibleAsync();
        await studio.Button("Try again").ClickAsync();

        await Expect(studio.Download).ToBeVisibleAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(3);
        await studio.Button("Delete").ClickAsync();
        await studio.Page.Keyboard.PressAsync("Escape");
        await Expect(studio.Tiles).ToHaveCountAsync(3);
        await studio.Button("Delete").ClickAsync();
        await studio.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Four_variations_have_the_next_four_seeds_and_the_search_finds_words_of_prompts()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);
        await studio.Page.GetByText("More", new() { Exact = true }).ClickAsync();
        await studio.Page.GetByLabel("Seed").FillAsync("100");
        await studio.OrderAndWaitAsync("a red balloon");

        await studio.Button("Variations").ClickAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(5);
        await studio.Page.GetByLabel("Seed").FillAsync("");
        await studio.OrderAndWaitAsync("a black cat at night");

        Assert.Equal([100, 101, 102, 103, 104], (await user.Api.ListGenerationsAsync(10, null, None)).Data.Where(job => job.Prompt == "a red balloon").Select(job => job.Options.Seed).Order());
        await studio.Page.GetByPlaceholder("Search your prompts").FillAsync("balloons");
        await Expect(studio.Tiles).ToHaveCountAsync(5);
        await studio.Page.GetByPlaceholder("Search your prompts").FillAsync("elephant");
        await Expect(studio.Page.GetByText("Nothing like that.")).ToBeVisibleAsync();
        await studio.Page.GetByPlaceholder("Search your prompts").FillAsync("");
        await Expect(studio.Tiles).ToHaveCountAsync(6);
        await studio.Radio("Failed").CheckAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task The_gallery_goes_on_where_the_page_ends_and_the_picture_is_saved_under_its_prompt()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var batch = new NewBatch("small boats", Options: new(Quality: "draft", Width: 512, Height: 512, Seeds: [.. Enumerable.Range(1, 26).Select(seed => (long)seed)]));
        await user.Api.CreateBatchAsync(batch, null, None);
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);

        await studio.Button("Show more").ClickAsync();
        await Expect(studio.Tiles).ToHaveCountAsync(26);
        await Expect(studio.Button("Show more")).ToBeHiddenAsync();
        await studio.Tiles.Nth(25).ClickAsync();
        var saving = await studio.Page.RunAndWaitForDownloadAsync(() => studio.Download.ClickAsync());

        Assert.Matches("^small-boats-\\d+[.]png$", saving.SuggestedFilename);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(await saving.PathAsync()))[..4]);
    }

    [BrowserFact]
    public async Task The_gallery_and_the_stage_show_small_pictures_and_the_viewer_the_whole_one()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);
        await studio.OrderAndWaitAsync("a small fox");
        await Eventually.HoldsAsync(
            async () => (await user.Api.ListGenerationsAsync(10, null, None)).Data.Single().Images.Single().ThumbnailUrl is not null, () => "the small pictures", TimeSpan.FromSeconds(20));

        await studio.Page.ReloadAsync();
        await Expect(studio.Download).ToBeVisibleAsync();

        await Expect(studio.Tiles.First.Locator("img")).ToHaveAttributeAsync("src", new Regex("-thumb[.]webp[?]"));
        await Expect(studio.Button("See the whole picture").Locator("img")).ToHaveAttributeAsync("src", new Regex("-preview[.]jpg[?]"));
        await studio.Button("See the whole picture").ClickAsync();
        await Expect(studio.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Img)).ToHaveAttributeAsync("src", new Regex("[0-9a-f][.]png[?]"));
    }

    [BrowserFact]
    public async Task The_ledger_tells_every_movement_and_leads_to_the_picture()
    {
        await using var studio = await browser.OpenSignedInAsync();
        await studio.OrderAndWaitAsync("a fox");

        await studio.Button("49 credits").ClickAsync();
        var ledger = studio.Page.GetByRole(AriaRole.Dialog, new() { Name = "Credits" });
        await Expect(ledger.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await Expect(ledger.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync("Paid for a picture");
        await Expect(ledger.GetByRole(AriaRole.Row).Nth(2)).ToContainTextAsync("Set aside for a picture");
        await Expect(ledger.GetByRole(AriaRole.Row).Nth(3)).ToContainTextAsync("+50");
        await ledger.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Show the picture") }).First.ClickAsync();

        await Expect(ledger).ToBeHiddenAsync();
        await Expect(studio.Heading("a fox")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task What_somebody_typed_is_never_markup()
    {
        await using var studio = await browser.OpenSignedInAsync();

        await studio.OrderAndWaitAsync("<img src=x onerror=alert(1)> </textarea><b>bold</b>");

        await Expect(studio.Page.Locator("#stage b, #tiles b, img[src=x]")).ToHaveCountAsync(0);
    }
}
