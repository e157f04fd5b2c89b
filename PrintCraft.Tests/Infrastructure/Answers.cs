using System.Net;
using System.Text.Json;

using PrintCraft.Client;

using Refit;

namespace PrintCraft.Tests.Infrastructure;

/// <summary>What an error answer must be.</summary>
public static class Answers
{
    /// <summary>The answer is this problem, with everything that every problem has.</summary>
    public static async Task<Problem> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<Problem>(text, JsonSerializerOptions.Web)!;
        Assert.Equal(((int)status, code, $"/errors#{code}"), (problem.Status, problem.Error.Code, problem.Type));
        Assert.Equal(32, problem.TraceId?.Length);
        return problem;
    }

    /// <summary>The call fails with this problem.</summary>
    public static async Task<Problem> RefusedAsync(Func<Task> call, HttpStatusCode status, string code)
    {
        var exception = await Assert.ThrowsAnyAsync<ApiException>(call);
        var problem = exception.ProblemOf();
        Assert.Equal((status, code), (exception.StatusCode, problem?.Error.Code));
        return problem!;
    }
}
