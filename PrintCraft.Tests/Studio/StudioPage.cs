using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

using Microsoft.Playwright;

using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>
/// The page as somebody uses it: found by what he reads and hears, never by how it is made. At the end it must have been clean: no request to anybody else, no
/// error in the console, nothing that the content security policy refused.
/// </summary>
public sealed class StudioPage : IAsyncDisposable
{
    private const float Patience = 60_000;

    private readonly ConcurrentQueue<string> _stains = new();
    private readonly List<string> _hosts;
    private readonly PrintCraftApp _app;

    private StudioPage(PrintCraftApp app, IBrowserContext context, IPage page)
    {
        (_app, Context, Page, _hosts) = (app, context, page, [app.Address.Authority]);
        SetDefaultExpectTimeout(Patience);
        context.SetDefaultTimeout(Patience);
        context.Console += (_, message) => Stain(message.Type is "error" or "warning", $"console: {message.Text} {message.Location}");
        context.WebError += (_, error) => Stain(true, $"exception: {error.Error}");
        context.Request += (_, request) =>
        {
            var url = new Uri(request.Url);
            Stain(url.Scheme is not ("data" or "blob") && !_hosts.Contains(url.Authority), $"foreign request: {request.Url}");
        };
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What the console may say, because the test makes it: a refused answer is an error there.</summary>
    public Regex? Expected { get; set; }

    public ILocator Prompt => Page.GetByLabel("What shall it be?");

    public ILocator Generate => Button("Generate");

    public ILocator Download => Page.GetByRole(AriaRole.Link, new() { Name = "Download" });

    public ILocator Progress => Page.GetByRole(AriaRole.Progressbar);

    public ILocator Tiles => Page.GetByRole(AriaRole.Region, new() { Name = "Your pictures" }).GetByRole(AriaRole.Listitem).GetByRole(AriaRole.Button);

    public ILocator Notice => Page.GetByRole(AriaRole.Alert);

    /// <summary>The picture to start from, once there is one.</summary>
    public ILocator Reference => Page.GetByRole(AriaRole.Group, new() { Name = "The picture to start from" });

    public static async Task<StudioPage> OpenAsync(PrintCraftApp app, IBrowserContext context)
    {
        var page = new StudioPage(app, context, await context.NewPageAsync());
        await page.Page.GotoAsync("/");
        await Expect(page.Heading("Welcome to the studio")).ToBeVisibleAsync();
        return page;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    public ILocator Radio(string name) => Page.GetByRole(AriaRole.Radio, new() { Name = name });

    /// <summary>Lets the page call somebody else, too.</summary>
    public void Allow(Uri host) => _hosts.Add(host.Authority);

    public async Task SignInAsync(TestUser user)
    {
        await Page.GetByText("Testing: user dev").ClickAsync();
        await Page.GetByLabel("Credential").FillAsync(user.Credential);
        await Button("Continue without an account").ClickAsync();
        await IsInAsync();
    }

    /// <summary>Waits until the page is there and follows what happens.</summary>
    public async Task IsInAsync()
    {
        await Expect(Page.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(Generate).ToContainTextAsync("credit");
        await Expect(Page.Locator(".ghost")).ToHaveCountAsync(0);
    }

    /// <summary>Chooses a file to start from.</summary>
    public Task ChooseAsync(string name, string type, byte[] bytes) => Page.GetByLabel("Start from a picture").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = bytes });

    /// <summary>Orders the cheapest picture there is.</summary>
    public async Task OrderAsync(string prompt)
    {
        await Radio("Draft").CheckAsync();
        await Radio("Small").CheckAsync();
        await Prompt.FillAsync(prompt);
        await Generate.ClickAsync();
    }

    public async Task OrderAndWaitAsync(string prompt)
    {
        await OrderAsync(prompt);
        await Expect(Heading(prompt)).ToBeVisibleAsync();
        await Expect(Download).ToBeVisibleAsync();
    }

    public async Task<double> ProgressAsync() => double.Parse(await Progress.EvaluateAsync<string>("bar => String(bar.value)"), CultureInfo.InvariantCulture);

    /// <summary>Whether anything is wider than the window.</summary>
    public async Task FitsAsync()
    {
        var widths = await Page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, innerWidth]");
        Assert.True(widths[0] <= widths[1], $"the page is {widths[0]} wide in a window of {widths[1]}");
    }

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Assert.True(_stains.IsEmpty, string.Join(Environment.NewLine, _stains) + Environment.NewLine + _app.Story());
    }

    private void Stain(bool isOne, string text)
    {
        if (isOne && Expected?.IsMatch(text) != true)
        {
            _stains.Enqueue(text);
        }
    }
}
