using System.Diagnostics;
using System.Text.Json;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;

namespace PrintCraft.Tests.Problems;

public sealed class ProblemTests
{
    [Fact]
    public void A_problem_has_the_members_of_RFC_9457_and_the_error_that_programs_read()
    {
        using var activity = new Activity("request").Start();

        var problem = Problem.Details(ProblemCode.InvalidRequest, "Some fields are not valid.", [new FieldError("options.width", "must be from 256")]);

        Assert.Equal(
            $$"""
            {"type":"/errors#invalid_request","title":"The request is not valid.","status":400,"detail":"Some fields are not valid.",
            "error":{"code":"invalid_request","message":"Some fields are not valid.","details":[{"field":"options.width","message":"must be from 256"}]},
            "traceId":"{{activity.TraceId}}"}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(problem, JsonSerializerOptions.Web));
    }

    [Fact]
    public void Without_a_detail_the_title_says_it()
    {
        var problem = Problem.Details(ProblemCode.NotFound);

        Assert.Equal("There is no such thing.", problem.Detail);
        Assert.Equivalent(new ProblemError("not_found", "There is no such thing.", []), problem.Extensions["error"], strict: true);
    }

    [Fact]
    public void Every_code_has_its_place_in_the_catalogue()
    {
        Assert.All(ProblemCode.All, code => Assert.Contains($"<tr id=\"{code.Code}\"><td><a href=\"#{code.Code}\"><code>{code.Code}</code></a></td><td>{code.Status}</td>", ErrorCatalogue.Html, StringComparison.Ordinal));
    }
}
