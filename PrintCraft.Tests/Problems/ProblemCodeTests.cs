using System.Reflection;

using PrintCraft.Api.Problems;

namespace PrintCraft.Tests.Problems;

public sealed class ProblemCodeTests
{
    /// <summary>The codes and their statuses, as they were promised. A client decides by them: a code is added here, never changed.</summary>
    private static readonly Dictionary<string, int> Promised = new()
    {
        ["invalid_request"] = 400,
        ["missing_token"] = 401,
        ["invalid_token"] = 401,
        ["invalid_credentials"] = 401,
        ["insufficient_credits"] = 402,
        ["forbidden"] = 403,
        ["not_found"] = 404,
        ["method_not_allowed"] = 405,
        ["conflict"] = 409,
        ["idempotency_key_in_use"] = 409,
        ["precondition_failed"] = 412,
        ["payload_too_large"] = 413,
        ["unsupported_media_type"] = 415,
        ["idempotency_key_reused"] = 422,
        ["rate_limited"] = 429,
        ["internal_error"] = 500,
        ["provider_unavailable"] = 503,
        ["service_unavailable"] = 503,
    };

    [Fact]
    public void Every_code_has_the_status_it_was_promised_with()
    {
        Assert.All(ProblemCode.All, code => Assert.Equal(Promised.GetValueOrDefault(code.Code), code.Status));
    }

    [Fact]
    public void No_code_is_listed_twice_and_none_is_missing()
    {
        var declared = typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<ProblemCode>();

        Assert.Equal(declared, ProblemCode.All);
        Assert.Equal(ProblemCode.All.Count, ProblemCode.All.Select(code => code.Code).Distinct().Count());
    }

    [Fact]
    public void Every_code_says_what_happened_and_what_to_do_in_words_of_its_own()
    {
        Assert.All(ProblemCode.All, code => Assert.True(code.Title.EndsWith('.') && code.Advice.EndsWith('.'), code.Code));
        Assert.Equal(ProblemCode.All.Count, ProblemCode.All.Select(code => code.Title).Distinct().Count());
    }

    [Theory]
    [InlineData(400, "invalid_request")]
    [InlineData(401, "missing_token")]
    [InlineData(404, "not_found")]
    [InlineData(405, "method_not_allowed")]
    [InlineData(413, "payload_too_large")]
    [InlineData(415, "unsupported_media_type")]
    [InlineData(418, "invalid_request")]
    [InlineData(500, "internal_error")]
    [InlineData(502, "internal_error")]
    [InlineData(503, "service_unavailable")]
    public void A_bare_status_gets_the_nearest_code(int status, string code) => Assert.Equal(code, ProblemCode.ForStatus(status).Code);
}
