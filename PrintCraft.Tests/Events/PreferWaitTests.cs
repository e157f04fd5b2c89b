using System.Net;
using System.Net.Http.Json;

using Microsoft.Extensions.Primitives;

using PrintCraft.Api.Generations;
using PrintCraft.Client;
using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Events;

public sealed class PreferWaitTests
{
    [Theory]
    [InlineData(5, "wait=5")]
    [InlineData(5, "WAIT = 5")]
    [InlineData(5, "respond-async, wait=5")]
    [InlineData(5, "wait=5;x=y, wait=7")]
    [InlineData(5, "return=minimal", "wait=\"5\"")]
    [InlineData(60, "wait=3600")]
    [InlineData(null, "wait")]
    [InlineData(null, "wait=")]
    [InlineData(null, "wait=0")]
    [InlineData(null, "wait=-5")]
    [InlineData(null, "wait=1.5")]
    [InlineData(null, "wait=soon")]
    [InlineData(null, "waiting=5")]
    [InlineData(null, "")]
    [InlineData(null)]
    public void A_preference_is_read_as_the_RFC_says_and_ignored_if_it_cannot_be(int? seconds, params string[] lines)
    {
        Assert.Equal(seconds, PreferWait.SecondsOf(new StringValues(lines)));
    }

    [Fact]
    public async Task The_answer_is_held_until_the_job_has_ended()
    {
        var app = await PrintCraftApp.GetAsync();
        var user = app.NewUser();

        using var response = await PostAsync(user, "wait=60", new("draft", 512, 512));

        var shown = (await response.Content.ReadFromJsonAsync<Generation>(PrintCraftClient.Json))!;
        Assert.Equal((HttpStatusCode.Created, "wait=60", GenerationStatus.Succeeded), (response.StatusCode, response.Headers.GetValues("Preference-Applied").Single(), shown.Status));
        Assert.Equal(shown.Links.Self, response.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await app.Http("api").GetAsync(shown.ImageUrl)).StatusCode);
    }

    [Fact]
    public async Task A_hundred_held_answers_come_though_the_process_has_twenty_connections()
    {
        var app = await PrintCraftApp.GetAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.NewUser()).SelectMany(user => Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await PostAsync(user, "wait=60", new("standard", 256, 256));
            return (await response.Content.ReadFromJsonAsync<Generation>(PrintCraftClient.Json))!.Status;
        })));

        Assert.All(statuses, status => Assert.Equal(GenerationStatus.Succeeded, status));
    }

    [Fact]
    public async Task A_repetition_that_waits_shows_the_same_job_as_it_is_now()
    {
        var user = (await PrintCraftApp.GetAsync()).NewUser();
        var (order, key) = (new NewGeneration(Scenario.Prompt(), Options: new("draft", 512, 512)), $"{Guid.NewGuid()}");

        var first = await user.Api.CreateGenerationOnceAsync(order, key, null, CancellationToken.None);
        var again = await user.Api.CreateGenerationOnceAsync(order, key, "wait=60", CancellationToken.None);

        Assert.Equal((GenerationStatus.Pending, first.Id, GenerationStatus.Succeeded), (first.Status, again.Id, again.Status));
    }

    private static async Task<HttpResponseMessage> PostAsync(TestUser user, string prefer, NewGenerationOptions options)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/generations")
        {
            Content = JsonContent.Create(new NewGeneration(Scenario.Prompt(), Options: options), options: PrintCraftClient.Json),
        };
        request.Headers.Add("Prefer", prefer);
        using var http = new HttpClient { BaseAddress = user.Http.BaseAddress, Timeout = TimeSpan.FromSeconds(90) };
        http.DefaultRequestHeaders.Authorization = user.Http.DefaultRequestHeaders.Authorization;
        return await http.SendAsync(request);
    }
}
