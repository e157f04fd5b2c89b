namespace Refit;

/// <summary>One method of a client: where each argument goes, and what is made of the answer.</summary>
internal sealed partial class RestMethod
{
    private readonly HttpMethodAttribute _route;
    private readonly List<Argument> _path = [];
    private readonly List<Argument> _query = [];
    private readonly List<Argument> _headers = [];
    private readonly ParameterInfo? _body;
    private readonly ParameterInfo? _cancellation;
    private readonly RestCall.Send _send;

    public RestMethod(MethodInfo method)
    {
        _route = method.GetCustomAttribute<HttpMethodAttribute>() ?? throw new NotSupportedException($"{method.Name} has no route.");
        _send = RestCall.For(method);
        var placeholders = Placeholder.Matches(_route.Path).Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in method.GetParameters())
        {
            var name = parameter.GetCustomAttribute<AliasAsAttribute>()?.Name ?? parameter.Name!;
            var argument = new Argument(name, parameter.Position, parameter.GetCustomAttribute<QueryAttribute>()?.Format);
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                _cancellation = parameter;
            }
            else if (parameter.IsDefined(typeof(BodyAttribute)))
            {
                _body = parameter;
            }
            else if (parameter.GetCustomAttribute<HeaderAttribute>() is { } header)
            {
                _headers.Add(argument with { Name = header.Header });
            }
            else if (parameter.ParameterType.IsValueType || parameter.ParameterType == typeof(string))
            {
                (placeholders.Remove(name) ? _path : _query).Add(argument);
            }
            else
            {
                throw new NotSupportedException($"{method.Name}: {name} is neither a simple value nor marked as the body.");
            }
        }

        if (placeholders.Count > 0 || !_route.Path.StartsWith('/'))
        {
            throw new ArgumentException($"{method.Name}: path {_route.Path} must start with '/' and have a parameter per placeholder.");
        }
    }

    public Task CallAsync(HttpClient client, JsonSerializerOptions json, object?[] arguments)
    {
        var address = client.BaseAddress ?? throw new InvalidOperationException("The HttpClient has no BaseAddress.");
        var path = address.AbsolutePath.TrimEnd('/') + PathAndQuery(arguments);
        var request = new HttpRequestMessage(_route.Method, new Uri(path, UriKind.Relative))
        {
            Content = _body is null ? null : arguments[_body.Position] as HttpContent ?? JsonContent.Create(arguments[_body.Position], _body.ParameterType, options: json),
        };
        foreach (var (name, value) in Given(_headers, arguments))
        {
            request.Headers.TryAddWithoutValidation(name, value.ReplaceLineEndings("")); // no line break smuggles in a second header
        }

        return _send(client, request, json, _cancellation is null ? default : (CancellationToken)arguments[_cancellation.Position]!);
    }

    private string PathAndQuery(object?[] arguments)
    {
        var values = Given(_path, arguments).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var path = Placeholder.Replace(_route.Path, match => Uri.EscapeDataString(values.GetValueOrDefault(NameOf(match), "")));
        var query = string.Join('&', Given(_query, arguments).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return query is "" ? path : $"{path}?{query}";
    }

    private static IEnumerable<KeyValuePair<string, string>> Given(List<Argument> places, object?[] arguments) =>
        from place in places
        let value = arguments[place.Position]
        where value is not null
        select KeyValuePair.Create(place.Name, value is IFormattable formattable ? formattable.ToString(place.Format, CultureInfo.InvariantCulture) : $"{value}");

    private static string NameOf(Match placeholder) => placeholder.Groups["name"].Value;

    [GeneratedRegex(@"\{(?<name>[^}]*)\}")]
    private static partial Regex Placeholder { get; }

    private sealed record Argument(string Name, int Position, string? Format);
}
