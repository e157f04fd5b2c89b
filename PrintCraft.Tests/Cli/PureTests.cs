using PrintCraft.Cli;
using PrintCraft.Cli.Connections;
using PrintCraft.Cli.Images;
using PrintCraft.Cli.Output;
using PrintCraft.Client;

using ProblemCode = PrintCraft.Api.Problems.ProblemCode;

namespace PrintCraft.Tests.Cli;

/// <summary>What the command line works out for itself.</summary>
public sealed class PureTests
{
    [Theory]
    [InlineData("fox.png", 0, 1, "fox.png")]
    [InlineData("fox.png", 1, 2, "fox-1.png")]
    [InlineData("a/b.c/fox.PNG", 3, 4, "a/b.c/fox-3.PNG")]
    [InlineData("/tmp/my fox.png", 0, 4, "/tmp/my fox-0.png")]
    public void Images_have_names_of_their_own(string path, int index, int count, string expected) => Assert.Equal(expected, new ImageFile(path, Force: false).Of(index, count));

    [Theory]
    [InlineData("invalid_request", 2)]
    [InlineData("missing_token", 3)]
    [InlineData("invalid_token", 3)]
    [InlineData("invalid_credentials", 3)]
    [InlineData("insufficient_credits", 4)]
    [InlineData("forbidden", 3)]
    [InlineData("not_found", 7)]
    [InlineData("method_not_allowed", 1)]
    [InlineData("conflict", 1)]
    [InlineData("idempotency_key_in_use", 1)]
    [InlineData("precondition_failed", 4)]
    [InlineData("payload_too_large", 2)]
    [InlineData("unsupported_media_type", 1)]
    [InlineData("idempotency_key_reused", 2)]
    [InlineData("rate_limited", 5)]
    [InlineData("internal_error", 6)]
    [InlineData("service_unavailable", 6)]
    [InlineData("provider_unavailable", 6)]
    [InlineData("of_tomorrow", 1)]
    public void Every_error_of_the_API_has_an_exit_code(string code, int exit) =>
        Assert.Equal(exit, (int)Failures.ExitOf(code, ProblemCode.All.FirstOrDefault(known => known.Code == code)?.Status ?? 418));

    [Fact]
    public void No_error_of_the_API_is_forgotten()
    {
        var known = typeof(PureTests).GetMethod(nameof(Every_error_of_the_API_has_an_exit_code))!.GetCustomAttributes(typeof(InlineDataAttribute), false)
            .Cast<InlineDataAttribute>().Select(data => (string)data.GetData(null!).Single()[0]);

        Assert.Equal([], ProblemCode.All.Select(code => code.Code).Except(known));
    }

    [Theory]
    [InlineData("Unrecognized command or argument 'pcdev_dev.12ab'.", "Unrecognized command or argument '…'.")]
    [InlineData("pck_abcdefgh_secret eyJhbGciOi.x.y rest", "… … rest")]
    public void A_credential_is_never_told(string text, string expected) => Assert.Equal(expected, CredentialSource.Redact(text));

    [Theory]
    [InlineData("pcdev_dev.12ab", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("schlüssel", false)]
    public void A_credential_that_no_header_takes_is_refused(string credential, bool isPossible) => Assert.Equal(isPossible, CredentialSource.IsPossible(credential));

    [Theory]
    [InlineData("a\u001b[31mb\u0007\u009bc\n", "a [31mb  c ")]
    [InlineData("plain é 狐", "plain é 狐")]
    public void Text_of_others_has_no_power_over_a_terminal(string text, string expected) => Assert.Equal(expected, PlainText.Of(text));

    [Fact]
    public void A_failure_is_told_whole()
    {
        var failure = new Failure(Exit.Usage, "invalid_request", "Some fields are not valid.", "Mend it.", [new FieldProblem("--width", "must be more")], "4bf92f35");

        Assert.Equal(["printcraft: Some fields are not valid. (invalid_request)", "  --width must be more", "  Mend it.", "  Trace 4bf92f35"], FailureText.Lines(failure));
    }
}
