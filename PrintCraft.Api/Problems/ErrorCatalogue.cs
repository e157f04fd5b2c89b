using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrintCraft.Api.Problems;

/// <summary>The page behind every problem's <c>type</c>, made from <see cref="ProblemCode.All"/>; docs/errors.md says the same.</summary>
internal static class ErrorCatalogue
{
    public const string Shape =
        "Every error is application/problem+json (RFC 9457) with two members more: error {code, message, details} for programs, and traceId, which is also the header X-Request-Id. "
        + "Decide by error.code: codes are never renamed, texts may change. details names the fields that are wrong, as options.width.";

    public const string WithoutBody =
        "What is no proper HTTP is answered by the server itself, without a body, and the connection is closed: 400 for a broken request line or header, 408 when a "
        + "request or its body comes too slowly, 414 for an address of more than 8 KB, 431 for header lines of more than 16 KB together or more than a hundred of them, 505 for an unknown version.";

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string Style = """
        :root{color-scheme:light dark;--line:#8884;--soft:#8881}
        body{font:16px/1.55 system-ui,sans-serif;max-width:58rem;margin:3rem auto;padding:0 1.25rem}
        h1{font-size:1.9rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2.5rem 0 .75rem}
        a{color:inherit}code,pre{font:.9em/1.5 ui-monospace,monospace}
        pre{background:var(--soft);padding:1rem;border-radius:.5rem;overflow-x:auto}
        table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.55rem 1rem .55rem 0;vertical-align:top;border-bottom:1px solid var(--line)}
        td:nth-child(2){font-variant-numeric:tabular-nums}tr:target{background:#fd08}
        """;

    /// <summary>The page's style and nothing else.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>One of them, whole.</summary>
    public static string Example { get; } = JsonSerializer.Serialize(Problem.Example(ProblemCode.InvalidRequest), Indented);

    public static string Html { get; } = $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>PrintCraft errors</title>
        <style>{Style}</style></head>
        <body><main><h1>PrintCraft errors</h1>
        <p>{Text(Shape)}</p>
        <table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">What to do</th><th scope="col">Send again?</th></tr></thead><tbody>
        {string.Concat(ProblemCode.All.Select(Row))}</tbody></table>
        <h2>An example</h2><pre>{Text(Example)}</pre>
        <h2>Errors without a body</h2><p>{Text(WithoutBody)}</p>
        <p><a href="/docs">The API</a></p></main></body></html>
        """;

    /// <summary>Whether the same request may fare better later.</summary>
    public static string Again(ProblemCode code) => code.Status switch
    {
        _ when ProblemRegistration.RetryAfter(code) is not null => "after Retry-After",
        >= 500 => "later, with the same Idempotency-Key",
        _ => "no",
    };

    private static string Row(ProblemCode code) =>
        $"<tr id=\"{code.Code}\"><td><a href=\"#{code.Code}\"><code>{code.Code}</code></a></td><td>{code.Status}</td><td>{Text(code.Title)}</td><td>{Text(code.Advice)}</td><td>{Again(code)}</td></tr>\n";

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
