using System.Text.Encodings.Web;

namespace PrintCraft.Api.Problems;

/// <summary>The page behind every problem's <c>type</c>, made from <see cref="ProblemCode.All"/>.</summary>
internal static class ErrorCatalogue
{
    public static string Html { get; } = $$"""
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>PrintCraft errors</title>
        <style>body{font:16px/1.5 system-ui;max-width:60rem;margin:3rem auto;padding:0 1rem}td,th{text-align:left;padding:.4rem 1rem .4rem 0;vertical-align:top}</style></head>
        <body><h1>PrintCraft errors</h1><p>Every error is <code>application/problem+json</code> (RFC 9457) with <code>error {code, message, details}</code> and <code>traceId</code>.</p>
        <table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th></tr></thead><tbody>
        {{string.Concat(ProblemCode.All.Select(Row))}}
        </tbody></table></body></html>
        """;

    private static string Row(ProblemCode code) =>
        $"<tr id=\"{code.Code}\"><td><code>{code.Code}</code></td><td>{code.Status}</td><td>{HtmlEncoder.Default.Encode(code.Title)}</td><td>{HtmlEncoder.Default.Encode(code.Advice)}</td></tr>\n";
}
