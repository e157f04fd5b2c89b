using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Refit;

using static PrintCraft.Tests.Embedded.StubbedPrints;

namespace PrintCraft.Tests.Embedded;

/// <summary>What a Refit interface makes of the answer. The same holds with the real package.</summary>
public sealed class RefitAnswerTests
{
    [Fact]
    public async Task An_error_status_is_an_ApiException_with_request_status_and_body()
    {
        var (prints, _) = ClientOf(_ =>
        {
            var answer = StubHandler.Json("""{"name":"why"}""", HttpStatusCode.Conflict);
            answer.Headers.Add("X-Request-Id", "7");
            return answer;
        });

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        var fromTask = await Assert.ThrowsAsync<ApiException>(() => prints.Delete("a", null, CancellationToken.None));

        Assert.Equal((HttpStatusCode.Conflict, "Conflict", true), (error.StatusCode, error.ReasonPhrase, error.HasContent));
        Assert.Equal((HttpMethod.Get, "http://api/prints/a"), (error.HttpMethod, error.Uri!.AbsoluteUri));
        Assert.Equal(["7"], error.Headers.GetValues("X-Request-Id"));
        Assert.Equal("why", (await error.GetContentAsAsync<Print>())!.Name);
        Assert.Equal(HttpStatusCode.Conflict, fromTask.StatusCode);
    }

    [Fact]
    public async Task Problem_details_are_a_ValidationApiException_that_keeps_the_body()
    {
        const string Body = """{"type":"t","title":"Bad","status":400,"detail":"why","instance":"/prints/a","errors":{"copies":["too many"]},"traceId":"1"}""";
        var (prints, _) = ClientOf(_ => StubHandler.Json(Body, HttpStatusCode.BadRequest, "application/problem+json"));

        var error = await Assert.ThrowsAsync<ValidationApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal(("t", "Bad", 400), (error.Content!.Type, error.Content.Title, error.Content.Status));
        Assert.Equal(("why", "/prints/a"), (error.Content.Detail, error.Content.Instance));
        Assert.Equal(["too many"], error.Content.Errors["copies"]);
        Assert.Equal("1", error.Content.Extensions["traceId"].ToString());
        Assert.Equal(Body, ((ApiException)error).Content);
        Assert.Equal("1", (await error.GetContentAsAsync<JsonElement>()).GetProperty("traceId").GetString());
        Assert.IsType<ValidationApiException>(response.Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task Problem_details_that_cannot_be_read_are_an_ApiException(string body)
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json(body, HttpStatusCode.BadRequest, "application/problem+json"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));

        Assert.Equal((body, body.Length > 0), (error.Content, error.HasContent));
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_an_ApiException_with_cause_status_and_body()
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json("<html>"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.IsType<JsonException>(error.InnerException);
        Assert.Equal((HttpStatusCode.OK, "<html>"), (error.StatusCode, error.Content));
        Assert.Equal((true, false), (response.IsSuccessStatusCode, response.IsSuccessful));
        Assert.IsType<ApiException>(response.Error);
    }

    [Fact]
    public async Task No_content_is_null()
    {
        var (prints, _) = ClientOf(_ => new(HttpStatusCode.NoContent));

        Assert.Null(await prints.Get("a", CancellationToken.None));
    }

    [Fact]
    public async Task An_ApiResponse_has_status_headers_and_content()
    {
        var (prints, _) = ClientOf(_ =>
        {
            var answer = StubHandler.Json("""{"name":"a","copies":1,"color":0}""");
            answer.Headers.ETag = new("\"1\"");
            return answer;
        });

        using var response = await prints.TryGet("a", CancellationToken.None);
        using var text = await prints.TryGetText("a", CancellationToken.None);
        using var deleted = await prints.TryDelete("a", CancellationToken.None);

        Assert.True(response.IsSuccessfulWithContent);
        Assert.Equal(("a", HttpStatusCode.OK, "\"1\""), (response.Content.Name, response.StatusCode, response.Headers!.ETag!.Tag));
        Assert.Equal("application/json", response.ContentHeaders!.ContentType!.MediaType);
        Assert.Equal("http://api/prints/a", response.RequestMessage!.RequestUri!.AbsoluteUri);
        Assert.Equal("""{"name":"a","copies":1,"color":0}""", text.Content);
        Assert.True(deleted.IsSuccessful);
    }

    [Fact]
    public async Task An_ApiResponse_holds_an_error_instead_of_throwing()
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json("gone", HttpStatusCode.Gone));

        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal((false, false, HttpStatusCode.Gone, (Print?)null), (response.IsSuccessful, response.HasContent, response.StatusCode, response.Content));
        Assert.Equal("gone", Assert.IsType<ApiException>(response.Error).Content);
    }

    [Fact]
    public async Task A_failed_connection_is_an_ApiRequestException_except_from_a_bare_Task()
    {
        var (prints, _) = ClientOf(_ => throw new HttpRequestException("refused"));

        var error = await Assert.ThrowsAsync<ApiRequestException>(() => prints.Get("a", CancellationToken.None));
        await Assert.ThrowsAsync<ApiRequestException>(() => prints.Change("a", "", CancellationToken.None));
        await Assert.ThrowsAsync<HttpRequestException>(() => prints.Delete("a", null, CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal(("refused", "http://api/prints/a"), (error.Message, error.Uri!.AbsoluteUri));
        Assert.IsType<HttpRequestException>(error.InnerException);
        Assert.IsType<ApiRequestException>(response.Error);
        Assert.Null(response.StatusCode);
    }

    [Fact]
    public async Task A_caller_who_cancels_gets_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var (prints, _) = ClientOf(_ =>
        {
            cancellation.Cancel();
            throw new OperationCanceledException(cancellation.Token);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => prints.Get("a", cancellation.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => prints.TryGet("a", cancellation.Token));
    }
}
