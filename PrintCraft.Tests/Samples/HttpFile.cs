using System.Text.Json;
using System.Text.RegularExpressions;

namespace PrintCraft.Tests.Samples;

/// <summary>As much of the .http format as the sample uses: variables, ### between requests, names, and members of earlier answers.</summary>
internal sealed partial class HttpFile(string text, IReadOnlyDictionary<string, string> given)
{
    private readonly Dictionary<string, string> _variables = new(given);

    /// <summary>Sends the requests one after the other and tells of each its title and answer.</summary>
    public async IAsyncEnumerable<(string Title, HttpResponseMessage Answer, string Body)> RunAsync(HttpClient http)
    {
        foreach (var block in text.ReplaceLineEndings("\n").Split("\n### "))
        {
            foreach (var (name, value) in Variable().Matches(block).Select(match => (match.Groups[1].Value, match.Groups[2].Value)))
            {
                _variables.TryAdd(name, value);
            }

            if (Request().Match(block) is { Success: true } request)
            {
                using var message = new HttpRequestMessage(new HttpMethod(request.Groups["method"].Value), Fill(request.Groups["url"].Value))
                {
                    Content = new StringContent(Fill(request.Groups["body"].Value), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
                };
                foreach (var header in request.Groups["header"].Captures.Select(capture => capture.Value.Split(": ", 2)).Where(header => header[0] != "Content-Type"))
                {
                    message.Headers.Add(header[0], Fill(header[1]));
                }

                var answer = await http.SendAsync(message);
                var body = await answer.Content.ReadAsStringAsync();
                if (Name().Match(block) is { Success: true } name)
                {
                    Keep(name.Groups[1].Value, body);
                }

                yield return (block.Split('\n')[0], answer, body);
            }
        }
    }

    private void Keep(string name, string body)
    {
        foreach (var member in JsonDocument.Parse(body).RootElement.EnumerateObject())
        {
            _variables[$"{name}.response.body.$.{member.Name}"] = member.Value.ToString();
        }
    }

    private string Fill(string template) => Place().Replace(template, place => place.Groups[1].Value == "$guid" ? $"{Guid.NewGuid()}" : _variables[place.Groups[1].Value]);

    [GeneratedRegex(@"^@(\w+) = (.+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^# @name (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<method>[A-Z]+) (?<url>\S+)\n(?:(?<header>[\w-]+: [^\n]+)\n?)*(?:\n(?<body>.*))?", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Request();

    [GeneratedRegex(@"\{\{([^}]+)\}\}")]
    private static partial Regex Place();
}
