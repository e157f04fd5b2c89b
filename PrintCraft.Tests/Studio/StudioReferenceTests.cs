using System.Text.RegularExpressions;

using Microsoft.Playwright;

using PrintCraft.Tests.Images;
using PrintCraft.Tests.Infrastructure;

using static Microsoft.Playwright.Assertions;

namespace PrintCraft.Tests.Studio;

/// <summary>A picture that starts from another one.</summary>
[Collection(nameof(StudioBrowser))]
public sealed class StudioReferenceTests(StudioBrowser browser)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [BrowserFact]
    public async Task A_picture_that_was_chosen_is_sent_and_the_next_one_starts_from_it()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        await using var studio = await browser.OpenAsync();
        await studio.SignInAsync(user);
        await studio.Radio("Small").CheckAsync();
        await studio.ChooseAsync("fox.png", "image/png", TestPng.Whole(300, 200));
        await Expect(studio.Reference).ToContainTextAsync("300 × 200 pixels");
        await studio.Page.GetByLabel("How much may change").FillAsync("40");
        await Expect(studio.Page.GetByText("40 %, the same shapes")).ToBeVisibleAsync();
        await studio.Radio("Draft").CheckAsync();
        await Expect(studio.Page.GetByText("It is not used: Draft quality starts from words alone. Choose Standard or High.")).ToBeVisibleAsync();
        await studio.Radio("Standard").CheckAsync();

        await studio.Prompt.FillAsync("a fox in the snow");
        await studio.Generate.ClickAsync();
        await Expect(studio.Download).ToBeVisibleAsync();

        var upload = Assert.Single((await user.Api.ListUploadsAsync(null, null, None)).Data);
        var job = Assert.Single((await user.Api.ListGenerationsAsync(10, null, None)).Data);
        Assert.Equal((upload.Id, 0.4), (job.Options.ReferenceImage, job.Options.Strength));
        await studio.Button("Start from this picture").ClickAsync();
        await Expect(studio.Reference).ToContainTextAsync("512 × 512 pixels");
        await studio.Button("Remove the picture to start from").ClickAsync();
        await Expect(studio.Page.GetByLabel("Start from a picture")).ToBeFocusedAsync();
        // What a job started from stays, what nobody ordered goes.
        await Eventually.HoldsAsync(async () => (await user.Api.ListUploadsAsync(null, null, None)).Data.Count == 1, () => "the second upload to go", TimeSpan.FromSeconds(20));
    }

    [BrowserFact]
    public async Task What_cannot_be_used_is_told_in_the_form_and_a_picture_may_be_dropped_or_pasted()
    {
        await using var studio = await browser.OpenSignedInAsync();
        studio.Expected = new Regex("415");
        var form = studio.Page.GetByRole(AriaRole.Form, new() { Name = "Make a picture" });
        var sent = 0;
        studio.Page.Request += (_, request) => sent += request.Url.EndsWith("/uploads", StringComparison.Ordinal) ? 1 : 0;

        await studio.ChooseAsync("notes.txt", "text/plain", "no picture"u8.ToArray());
        await Expect(form.GetByText("“notes.txt” is nothing to start from.")).ToBeVisibleAsync();
        await studio.ChooseAsync("large.png", "image/png", new byte[(10 * 1024 * 1024) + 1]);
        await Expect(form.GetByText("“large.png” is too large: it has 10.1 MB, and 10 MB are the most.")).ToBeVisibleAsync();
        Assert.Equal(0, sent);
        await studio.ChooseAsync("text.png", "image/png", "no picture, whatever its name says"u8.ToArray());
        await Expect(form.GetByText("“text.png” is not what its name says")).ToBeVisibleAsync();

        await GiveAsync("(data) => new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })", 300, 200);
        await Expect(studio.Reference).ToContainTextAsync("300 × 200 pixels");
        await Expect(form.GetByText("is not what its name says")).ToBeHiddenAsync();
        await GiveAsync("(data) => new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })", 120, 240);
        await Expect(studio.Reference).ToContainTextAsync("120 × 240 pixels");

        // A picture of the page itself that is dragged a little is a file, too.
        await studio.Page.EvaluateAsync("() => document.body.dispatchEvent(new DragEvent('dragstart', { bubbles: true })) && undefined");
        await GiveAsync("(data) => new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })", 50, 60);
        await Expect(studio.Reference).ToContainTextAsync("120 × 240 pixels");

        Task GiveAsync(string make, int width, int height) => studio.Page.EvaluateAsync(
            $$"""
            async bytes => {
              const data = new DataTransfer();
              data.items.add(new File([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))], 'given.png', { type: 'image/png' }));
              document.body.dispatchEvent(({{make}})(data));
            }
            """,
            Convert.ToBase64String(TestPng.Whole(width, height)));
    }
}
