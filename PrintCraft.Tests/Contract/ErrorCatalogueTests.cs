using System.Text;

using PrintCraft.Api.Problems;

namespace PrintCraft.Tests.Contract;

public sealed class ErrorCatalogueTests
{
    [Fact]
    public void The_page_of_errors_in_the_documents_is_the_one_of_the_code()
    {
        var page = new StringBuilder()
            .Append("# Errors\n\n")
            .Append("Made from `ProblemCode.cs`; the API serves the same at `/errors`.\n\n")
            .Append(ErrorCatalogue.Shape).Append("\n\n")
            .Append("| Code | Status | Meaning | What to do | Send again? |\n|---|---|---|---|---|\n")
            .AppendJoin("", ProblemCode.All.Select(code => $"| `{code.Code}` | {code.Status} | {code.Title} | {code.Advice} | {ErrorCatalogue.Again(code)} |\n"))
            .Append("\n```json\n").Append(ErrorCatalogue.Example.ReplaceLineEndings("\n")).Append("\n```\n\n")
            .Append("## Errors without a body\n\n").Append(ErrorCatalogue.WithoutBody).Append('\n');

        Snapshot.Check("docs/errors.md", page.ToString());
    }

    [Fact]
    public void The_page_runs_its_own_style_and_nothing_else()
    {
        Assert.DoesNotContain("<script", ErrorCatalogue.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("style=", ErrorCatalogue.Html, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", ErrorCatalogue.ContentSecurityPolicy, StringComparison.Ordinal);
    }
}
