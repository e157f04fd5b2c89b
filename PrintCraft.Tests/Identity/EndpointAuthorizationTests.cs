using System.Net;
using System.Text.Json;

using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Identity;

/// <summary>Nobody gets in by an endpoint that forgot to decide who may.</summary>
public sealed class EndpointAuthorizationTests
{
    [Theory]
    [InlineData("GET", "/api/v1/generations")]
    [InlineData("POST", "/api/v1/generations")]
    [InlineData("GET", "/api/v1/admin/dead-letters")]
    public async Task Without_a_credential_the_answer_is_401(string method, string path)
    {
        using var http = (await PrintCraftApp.GetAsync()).Http("api");
        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("missing_token", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_unknown_address_is_404_for_everybody()
    {
        using var http = (await PrintCraftApp.GetAsync()).Http("api");
        using var answer = await http.GetAsync("/api/v1/nothing");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
