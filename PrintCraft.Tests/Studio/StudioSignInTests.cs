using System.Text.RegularExpressions;

using Microsoft.Playwright;

using PrintCraft.Tests.Identity;
using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>The ways in and out.</summary>
[Collection(nameof(StudioBrowser))]
public sealed class StudioSignInTests(StudioBrowser browser)
{
    private const string Password = "correct horse battery";

    [BrowserFact]
    public async Task Somebody_opens_an_account_verifies_it_comes_back_and_signs_out()
    {
        var app = await PrintCraftApp.GetAsync();
        await using var studio = await browser.OpenAsync();
        studio.Expected = new Regex("401");
        var email = await RegisterAsync(studio);
        await Expect(studio.Page.GetByText("Verify your address")).ToBeVisibleAsync();
        await Expect(studio.Button("0 credits")).ToBeVisibleAsync();

        await studio.Page.GetByLabel("Code of the letter").FillAsync(Visitor.CodeIn(await AccountLifeTests.LetterAsync(app, email)));
        await studio.Button("Verify").ClickAsync();
        await Expect(studio.Button("50 credits")).ToBeVisibleAsync();
        await Expect(studio.Page.GetByText("Verify your address")).ToBeHiddenAsync();

        await studio.Page.ReloadAsync();
        await studio.IsInAsync();
        await SignOutAsync(studio);
        await studio.Page.ReloadAsync();
        await Expect(studio.Heading("Welcome to the studio")).ToBeVisibleAsync();
        Assert.Empty(await studio.Page.EvaluateAsync<string[]>("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"));

        await FillAsync(studio, email, "not my password");
        await studio.Button("Sign in").ClickAsync();
        await Expect(studio.Notice).ToContainTextAsync("invalid_credentials");
        await FillAsync(studio, email, Password);
        await studio.Button("Sign in").ClickAsync();
        await studio.IsInAsync();
    }

    [BrowserFact]
    public async Task A_refused_token_is_renewed_once_and_tabs_share_one_session()
    {
        await using var studio = await browser.OpenAsync();
        studio.Expected = new Regex("401");
        await RegisterAsync(studio);
        var renewals = 0;
        studio.Context.Request += (_, request) => renewals += request.Url.EndsWith("/auth/refresh", StringComparison.Ordinal) ? 1 : 0;

        // Refused once, as when the key ring was lost: the page calls again with a new token.
        await studio.Page.RouteAsync("**/api/v1/credits/ledger*", route => route.FulfillAsync(new() { Status = 401, Body = "{}" }), new() { Times = 1 });
        await studio.Button("0 credits").ClickAsync();
        await Expect(studio.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Row)).ToHaveCountAsync(1);
        await studio.Page.Keyboard.PressAsync("Escape");
        await Eventually.HoldsAsync(() => Task.FromResult(renewals == 1), () => $"one renewal; {renewals}", TimeSpan.FromSeconds(20));

        var second = await studio.Context.NewPageAsync();
        await second.GotoAsync("/");
        await Expect(second.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Task.WhenAll(second.ReloadAsync(), studio.Page.ReloadAsync());
        await Expect(second.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await studio.IsInAsync();
        Assert.Equal(4, renewals);

        // Out in one is out in all.
        await SignOutAsync(studio);
        await Expect(second.GetByRole(AriaRole.Heading, new() { Name = "Welcome to the studio" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_refresh_whose_answer_was_lost_is_not_repeated()
    {
        await using var studio = await browser.OpenAsync();
        await RegisterAsync(studio);
        var renewals = 0;
        studio.Context.Request += (_, request) => renewals += request.Url.EndsWith("/auth/refresh", StringComparison.Ordinal) ? 1 : 0;

        // As a page leaves it that was closed while it waited.
        await studio.Page.EvaluateAsync("() => localStorage.setItem('printcraft.session', JSON.stringify({ ...JSON.parse(localStorage.getItem('printcraft.session')), asked: true }))");
        await studio.Page.ReloadAsync();

        await Expect(studio.Page.GetByText("You were signed out. Sign in again.")).ToBeVisibleAsync();
        Assert.Equal(0, renewals);
    }

    [BrowserFact(NeedsFirebase = true)]
    public async Task Firebase_opens_an_account_and_signs_in()
    {
        var app = await PrintCraftApp.GetAsync();
        using var firebase = await FirebaseAccounts.OpenAsync(app);
        using var emulator = app.Http("firebase");
        await using var studio = await browser.OpenAsync();
        studio.Allow(emulator.BaseAddress!);
        var email = FirebaseAccounts.NewAddress();
        await studio.Button("Open an account").ClickAsync();
        await studio.Radio("Firebase emulator").CheckAsync();
        await FillAsync(studio, email, "correct horse");
        await studio.Button("Open the account").ClickAsync();
        await studio.IsInAsync();
        await Expect(studio.Button("I have opened it")).ToBeVisibleAsync();

        // As the letter's link does.
        await firebase.ChangeAsync(await IdAsync(firebase, email), "emailVerified", true);
        await studio.Button("I have opened it").ClickAsync();
        await Expect(studio.Button("50 credits")).ToBeVisibleAsync();
        await studio.Page.ReloadAsync();
        await studio.IsInAsync();
        await SignOutAsync(studio);
        await studio.Radio("Firebase emulator").CheckAsync();
        await FillAsync(studio, email, "correct horse");
        await studio.Button("Sign in").ClickAsync();
        await studio.IsInAsync();
    }

    private static async Task<string> IdAsync(FirebaseAccounts firebase, string email) => (await firebase.SignInAsync(email)).LocalId;

    private static async Task<string> RegisterAsync(StudioPage studio)
    {
        var email = $"ana-{Guid.NewGuid():n}@example.com";
        await studio.Button("Open an account").ClickAsync();
        await studio.Page.GetByLabel("First name").FillAsync("Ana");
        await studio.Page.GetByLabel("Last name").FillAsync("Lucía");
        await FillAsync(studio, email, Password);
        await studio.Button("Open the account").ClickAsync();
        await studio.IsInAsync();
        return email;
    }

    private static async Task FillAsync(StudioPage studio, string email, string password)
    {
        await studio.Page.GetByLabel("E-mail address").FillAsync(email);
        await studio.Page.GetByLabel("Password").FillAsync(password);
    }

    private static async Task SignOutAsync(StudioPage studio)
    {
        await studio.Button("Account").ClickAsync();
        await studio.Button("Sign out").ClickAsync();
        await Expect(studio.Heading("Welcome to the studio")).ToBeFocusedAsync();
    }
}
