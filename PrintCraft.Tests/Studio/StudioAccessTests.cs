using System.Text.Json;

using Microsoft.Playwright;

using PrintCraft.Tests.Images;
using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>Everybody can use it: with a keyboard alone, with a screen reader, on a phone, in the dark.</summary>
[Collection(nameof(StudioBrowser))]
public sealed class StudioAccessTests(StudioBrowser browser)
{
    private const string Axe = "axe-core@4.14.1";

    [BrowserFact]
    public async Task A_keyboard_is_enough()
    {
        await using var studio = await browser.OpenAsync();
        var keyboard = studio.Page.Keyboard;
        await TabToAsync(studio, "Testing: user dev");
        await keyboard.PressAsync("Enter");
        await TabToAsync(studio, "Credential");
        await keyboard.PressAsync("Control+A");
        await keyboard.InsertTextAsync((await PrintCraftApp.GetAsync()).NewUser().Credential);
        await keyboard.PressAsync("Enter");
        await studio.IsInAsync();
        await Expect(studio.Prompt).ToBeFocusedAsync();

        await keyboard.TypeAsync("a lake");
        await TabToAsync(studio, "No style");
        await keyboard.PressAsync("ArrowRight");
        await Expect(studio.Radio("Minimalist")).ToBeCheckedAsync();
        await TabToAsync(studio, "Standard");
        await keyboard.PressAsync("ArrowLeft");
        await TabToAsync(studio, "What shall it be?", "Shift+Tab");
        await keyboard.PressAsync("End");
        await keyboard.PressAsync("Shift+Enter");
        await keyboard.TypeAsync("in the morning");
        await keyboard.PressAsync("Enter");
        await Expect(studio.Download).ToBeVisibleAsync();
        await Expect(studio.Heading("a lake in the morning")).ToBeVisibleAsync();

        await TabToAsync(studio, "See the whole picture");
        await keyboard.PressAsync("Enter");
        await Expect(studio.Page.GetByRole(AriaRole.Dialog, new() { Name = "The whole picture" })).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(studio.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await TabToAsync(studio, "See the whole picture", null);
        await TabToAsync(studio, "49 credits", "Shift+Tab");
        await keyboard.PressAsync("Enter");
        await Expect(studio.Button("Close")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Expect(studio.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await TabToAsync(studio, "49 credits", null);
        await TabToAsync(studio, "Skip to the studio", "Shift+Tab");
        await Expect(studio.Page.GetByText("Skip to the studio")).ToBeInViewportAsync();
        await keyboard.PressAsync("Enter");
        await Expect(studio.Page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
        await Expect(studio.Heading("a lake in the morning")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_screen_reader_hears_how_it_goes_and_not_each_percent()
    {
        await using var studio = await browser.OpenSignedInAsync();
        await studio.Page.EvaluateAsync("""
            () => {
              window.said = [];
              new MutationObserver(() => window.said.push(document.getElementById('said').textContent)).observe(document.getElementById('said'), { childList: true, characterData: true, subtree: true });
            }
            """);

        await studio.OrderAndWaitAsync("a lake [sim: slow=4]");

        Assert.Equal(["Your picture is on its way.", "Your picture is ready."], await studio.Page.EvaluateAsync<string[]>("() => window.said"));
    }

    [BrowserFact]
    public async Task It_fits_a_phone_and_a_very_narrow_window()
    {
        await using var studio = await browser.OpenAsync(window => (window.ViewportSize, window.IsMobile, window.HasTouch) = (new() { Width = 390, Height = 844 }, true, true));
        await studio.FitsAsync();
        await studio.SignInAsync((await PrintCraftApp.GetAsync()).NewUser());
        await studio.FitsAsync();
        await Expect(studio.Generate).ToBeInViewportAsync();

        await studio.OrderAndWaitAsync("a-very-long-word-without-any-place-to-break-it-that-somebody-typed-all-the-same");
        await Expect(studio.Page.GetByRole(AriaRole.Button, new() { Name = "See the whole picture" })).ToBeInViewportAsync();
        foreach (var width in new[] { 390, 320 })
        {
            await studio.Page.SetViewportSizeAsync(width, 844);
            await studio.FitsAsync();
            await studio.Button("49 credits").ClickAsync();
            await studio.FitsAsync();
            await studio.Button("Close").ClickAsync();
        }
    }

    [BrowserFact]
    public async Task A_theme_that_was_chosen_is_remembered_and_the_systems_is_followed_until_then()
    {
        await using var studio = await browser.OpenAsync(window => window.ColorScheme = ColorScheme.Dark);
        var dark = await PaperAsync(studio);
        await studio.Button("Switch to the light theme").ClickAsync();
        var light = await PaperAsync(studio);
        await studio.Page.ReloadAsync();

        Assert.NotEqual(dark, light);
        Assert.Equal(light, await PaperAsync(studio));
        await Expect(studio.Button("Switch to the dark theme")).ToBeVisibleAsync();
    }

    [BrowserFact(NeedsNode = true)]
    public Task Axe_finds_nothing_serious_in_the_light() => AxeFindsNothingAsync(ColorScheme.Light);

    [BrowserFact(NeedsNode = true)]
    public Task Axe_finds_nothing_serious_in_the_dark() => AxeFindsNothingAsync(ColorScheme.Dark);

    /// <summary>Every view, with still pictures: what is half faded in has half the contrast. axe itself writes markup, which the page's policy forbids.</summary>
    private async Task AxeFindsNothingAsync(ColorScheme theme)
    {
        var script = await File.ReadAllTextAsync(Path.Combine(await NpmPackages.EnsureAsync(Axe), "node_modules", "axe-core", "axe.min.js"));
        await using var studio = await browser.OpenAsync(window => (window.ColorScheme, window.ReducedMotion, window.BypassCSP) = (theme, ReducedMotion.Reduce, true));
        await CheckAsync(studio, script, "sign in");
        await studio.Button("Open an account").ClickAsync();
        await CheckAsync(studio, script, "register");
        await studio.Button("Sign in").ClickAsync();
        await studio.SignInAsync((await PrintCraftApp.GetAsync()).NewUser());
        await studio.Page.GetByText("More", new() { Exact = true }).ClickAsync();
        await CheckAsync(studio, script, "empty");
        await studio.Generate.ClickAsync();
        await CheckAsync(studio, script, "a wrong form");
        await studio.ChooseAsync("notes.txt", "text/plain", "no picture"u8.ToArray());
        await CheckAsync(studio, script, "a wrong file");
        await studio.ChooseAsync("fox.png", "image/png", TestPng.Whole(300, 200));
        await Expect(studio.Reference).ToContainTextAsync("300 × 200 pixels");
        await CheckAsync(studio, script, "a picture to start from");

        await studio.OrderAsync("never ready [sim: stuck=processing]");
        await Expect(studio.Progress).ToBeVisibleAsync();
        await CheckAsync(studio, script, "in progress");
        await studio.Button("Cancel").ClickAsync();
        await Expect(studio.Button("Try again")).ToBeVisibleAsync();
        await CheckAsync(studio, script, "cancelled");
        await studio.Radio("2").CheckAsync();
        await studio.OrderAndWaitAsync("a boat");
        await CheckAsync(studio, script, "a picture");
        await studio.Button("See the whole picture").ClickAsync();
        await CheckAsync(studio, script, "the whole picture");
        await studio.Page.Keyboard.PressAsync("Escape");
        await studio.Button("Delete").ClickAsync();
        await CheckAsync(studio, script, "a question");
        await studio.Page.Keyboard.PressAsync("Escape");
        await studio.Button("48 credits").ClickAsync();
        await Expect(studio.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Row)).Not.ToHaveCountAsync(1);
        await CheckAsync(studio, script, "ledger");
        await studio.Page.Keyboard.PressAsync("Escape");
        await studio.Button("Account").ClickAsync();
        await CheckAsync(studio, script, "menu");
    }

    private static async Task CheckAsync(StudioPage studio, string script, string name)
    {
        await studio.Page.EvaluateAsync(script);
        var found = await studio.Page.EvaluateAsync<JsonElement>("async () => (await axe.run()).violations.map(({ id, impact, help, nodes }) => ({ id, impact, help, nodes: nodes.map(node => node.html + ' ' + node.failureSummary) }))");
        Assert.True(found.EnumerateArray().All(violation => violation.GetProperty("impact").GetString() is not ("serious" or "critical")), $"{name}: {found}");
    }

    private static Task<string> PaperAsync(StudioPage studio) => studio.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    /// <summary>Presses the key until what has that name has the focus, and sees that this can be seen.</summary>
    private static async Task TabToAsync(StudioPage studio, string name, string? key = "Tab")
    {
        const string Focused = """
            () => {
              const it = document.activeElement;
              return it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent;
            }
            """;
        var seen = new List<string>();
        for (var presses = 0; presses < 60; presses++)
        {
            var now = await studio.Page.EvaluateAsync<string>(Focused);
            seen.Add(now.Trim());
            if (now.Contains(name, StringComparison.Ordinal))
            {
                return;
            }

            if (key is null)
            {
                break;
            }

            await studio.Page.Keyboard.PressAsync(key);
        }

        Assert.Fail($"The focus did not come to \"{name}\": {string.Join(" | ", seen)}");
    }
}
