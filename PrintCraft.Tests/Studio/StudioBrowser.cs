using System.Reflection;

using Microsoft.Playwright;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Studio;

/// <summary>One browser for all tests of the page, on the shared graph; each test has a profile of its own.</summary>
public sealed class StudioBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (!Chromium.IsPossible)
        {
            return;
        }

        // The driver lies in the package; it brings its own Node.js.
        var package = typeof(StudioBrowser).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "PlaywrightPackage").Value;
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", package);
        var program = await Chromium.EnsureAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Chromium.Arguments });
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
    }

    /// <summary>Opens the page, where nobody is signed in.</summary>
    /// <param name="change">Of the window: its size, its theme, touch.</param>
    public async Task<StudioPage> OpenAsync(Action<BrowserNewContextOptions>? change = null)
    {
        var app = await PrintCraftApp.GetAsync();
        var options = new BrowserNewContextOptions { ViewportSize = new() { Width = 1440, Height = 900 }, BaseURL = app.Address.ToString(), ColorScheme = ColorScheme.Light };
        change?.Invoke(options);
        return await StudioPage.OpenAsync(app, await _browser!.NewContextAsync(options));
    }

    /// <summary>The same, signed in as somebody new.</summary>
    public async Task<StudioPage> OpenSignedInAsync(Action<BrowserNewContextOptions>? change = null)
    {
        var page = await OpenAsync(change);
        await page.SignInAsync((await PrintCraftApp.GetAsync()).NewUser());
        return page;
    }
}

[CollectionDefinition(nameof(StudioBrowser))]
public sealed class StudioTests : ICollectionFixture<StudioBrowser>;
