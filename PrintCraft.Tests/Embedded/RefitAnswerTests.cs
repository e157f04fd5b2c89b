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
    public async Task A_raw_answer_is_the_callers_whatever_its_status()
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json("nope", HttpStatusCode.NotFound));

        using var response = await prints.Change("a", CancellationToken.None);

        Assert.Equal((HttpStatusCode.NotFound, "nope"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/problem+json")]
    public async Task An_error_status_is_an_ApiException_with_status_headers_and_body(string mediaType)
    {
        var (prints, _) = ClientOf(_ =>
        {
            var answer = StubHandler.Json("""{"title":"why"}""", HttpStatusCode.Conflict, mediaType);
            answer.Headers.Add("X-Request-Id", "7");
            return answer;
        });

        var error = await Assert.ThrowsAnyAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        var fromTask = await Assert.ThrowsAnyAsync<ApiException>(() => prints.Delete("a", null, CancellationToken.None));

        Assert.Equal((HttpStatusCode.Conflict, """{"title":"why"}"""), (error.StatusCode, error.Content));
        Assert.Contains("409 (Conflict)", error.Message, StringComparison.Ordinal);
        Assert.Equal(["7"], error.Headers.GetValues("X-Request-Id"));
        Assert.Equal(HttpStatusCode.Conflict, fromTask.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_is_an_ApiException_with_cause_status_and_body()
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json("<html>"));

        var error = await Assert.ThrowsAsync<ApiException>(() => prints.Get("a", CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.IsType<JsonException>(error.InnerException);
        Assert.Equal((HttpStatusCode.OK, "<html>"), (error.StatusCode, error.Content));
        Assert.Equal((HttpStatusCode.OK, false), (response.StatusCode, response.IsSuccessful));
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
        using var same = await prints.TryGetToo("a", CancellationToken.None);

        Assert.True(response.IsSuccessful);
        Assert.Equal(("a", HttpStatusCode.OK, "\"1\""), (response.Content!.Name, response.StatusCode, response.Headers.ETag!.Tag));
        Assert.Equal(response.Content, same.Content);
    }

    [Fact]
    public async Task An_ApiResponse_holds_an_error_instead_of_throwing()
    {
        var (prints, _) = ClientOf(_ => StubHandler.Json("gone", HttpStatusCode.Gone));

        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal((false, HttpStatusCode.Gone, (Print?)null), (response.IsSuccessful, response.StatusCode, response.Content));
        Assert.Equal("gone", Assert.IsType<ApiException>(response.Error).Content);
    }

    [Fact]
    public async Task A_failed_connection_is_an_ApiRequestException_except_from_a_bare_Task()
    {
        var (prints, _) = ClientOf(_ => throw new HttpRequestException("refused"));

        var error = await Assert.ThrowsAsync<ApiRequestException>(() => prints.Get("a", CancellationToken.None));
        await Assert.ThrowsAsync<ApiRequestException>(() => prints.Change("a", CancellationToken.None));
        await Assert.ThrowsAsync<HttpRequestException>(() => prints.Delete("a", null, CancellationToken.None));
        using var response = await prints.TryGet("a", CancellationToken.None);

        Assert.Equal("refused", error.Message);
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
