namespace Refit;

/// <summary>One method of a client: where each argument goes, and what is made of the answer.</summary>
internal sealed partial class RestMethod
{
    private readonly HttpMethodAttribute _route;
    private readonly Dictionary<string, string?> _headers = [];
    private readonly List<Argument> _path = [];
    private readonly List<Argument> _query = [];
    private readonly List<Argument> _headerArguments = [];
    private readonly ParameterInfo? _body;
    private readonly ParameterInfo? _cancellation;
    private readonly RestCall.Send _send;

    public RestMethod(Type api, MethodInfo method)
    {
        _route = method.GetCustomAttribute<HttpMethodAttribute>() ?? throw new NotSupportedException($"{method.Name} has no route.");
        _send = RestCall.For(method);
        foreach (var header in api.GetInterfaces().Reverse().Append(api).Append<MemberInfo>(method)
            .SelectMany(source => source.GetCustomAttribute<HeadersAttribute>()?.Headers ?? []))
        {
            var parts = header.Split(':', 2);
            _headers[parts[0].Trim()] = parts.ElementAtOrDefault(1)?.Trim();
        }

        var parameters = method.GetParameters();
        _body = Array.Find(parameters, parameter => parameter.IsDefined(typeof(BodyAttribute)));
        var placeholders = Placeholder().Matches(_route.Path).Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in parameters.Where(parameter => parameter != _body))
        {
            var query = parameter.GetCustomAttribute<QueryAttribute>();
            var name = parameter.GetCustomAttribute<AliasAsAttribute>()?.Name ?? parameter.Name!;
            var argument = new Argument(name, parameter.Position, query?.Format);
            var canBeBody = query is null && !parameter.ParameterType.IsValueType && parameter.ParameterType != typeof(string);
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                _cancellation = parameter;
            }
            else if (parameter.GetCustomAttribute<HeaderAttribute>() is { } header)
            {
                _headerArguments.Add(argument with { Name = header.Header.Trim() });
            }
            else if (_body is null && canBeBody && !placeholders.Contains(name)
                && _route is PostAttribute or PutAttribute or PatchAttribute)
            {
                _body = parameter;
            }
            else
            {
                (placeholders.Remove(name) ? _path : IsSimple(parameter.ParameterType) ? _query
                    : throw new ArgumentException($"{method.Name}: {name} is neither a simple value nor the only body.")).Add(argument);
            }
        }

        if (placeholders.Count > 0 || (_route.Path is not "" && !_route.Path.StartsWith('/')))
        {
            throw new ArgumentException($"{method.Name}: path {_route.Path} must start with '/' and have a parameter per placeholder.");
        }
    }

    public Task CallAsync(HttpClient client, RefitSettings settings, object?[] arguments)
    {
        var address = client.BaseAddress ?? throw new InvalidOperationException("The HttpClient has no BaseAddress.");
        var path = address.AbsolutePath.TrimEnd('/') + PathAndQuery(arguments);
        var request = new HttpRequestMessage(_route.Method, new Uri(path, UriKind.Relative));
        request.Content = _body is null ? null : Content(settings.ContentSerializer, arguments[_body.Position], _body.ParameterType);
        var given = _headerArguments.Select(header => header.With(arguments[header.Position]?.ToString()));
        foreach (var (name, value) in _headers.Concat(given))
        {
            SetHeader(request, name, value);
        }

        var buffered = _body?.GetCustomAttribute<BodyAttribute>()?.Buffered == true;
        var cancellationToken = _cancellation is null ? default : (CancellationToken)arguments[_cancellation.Position]!;
        return _send(client, request, settings, buffered, cancellationToken);
    }

    private string PathAndQuery(object?[] arguments)
    {
        var path = Placeholder().Replace(_route.Path, match =>
        {
            var value = _path.Find(argument => argument.Name.Equals(NameOf(match), StringComparison.OrdinalIgnoreCase))!.Text(arguments);
            var segments = match.Groups["slashes"].Success ? value?.Split('/') : [value ?? ""];
            return value is null && match.Groups["optional"].Success ? ""
                : match.Groups["slash"].Value + string.Join('/', (segments ?? []).Select(Uri.EscapeDataString));
        });
        var given = _query.Select(argument => argument.With(argument.Text(arguments))).Where(pair => pair.Value is not null);
        var query = string.Join('&', given.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value!)}"));
        return query is "" ? path : $"{path}{(path.Contains('?') ? '&' : '?')}{query}";
    }

    private static HttpContent Content(IHttpContentSerializer serializer, object? value, Type declared) => value switch
    {
        HttpContent content => content,
        string text => new StringContent(text),
        _ => (HttpContent)typeof(IHttpContentSerializer).GetMethod(nameof(serializer.ToHttpContent), BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(declared)
            .Invoke(serializer, BindingFlags.DoNotWrapExceptions, null, [value], null)!,
    };

    private static void SetHeader(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null && request.Method != HttpMethod.Get)
        {
            request.Content ??= new ByteArrayContent([]); // content headers need a place
        }

        foreach (var headers in (HttpHeaders?[])[request.Headers, request.Content?.Headers])
        {
            _ = headers?.NonValidated.Contains(name) == true && headers.Remove(name);
        }

        value = value?.ReplaceLineEndings(""); // no line break smuggles in a second header
        _ = value is null || request.Headers.TryAddWithoutValidation(name, value)
            || request.Content?.Headers.TryAddWithoutValidation(name, value) == true;
    }

    private static bool IsSimple(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? IsSimple(inner)
        : type == typeof(string) || type == typeof(bool) || type == typeof(char) || type == typeof(Uri)
        || type.IsAssignableTo(typeof(IFormattable)) || type.GetInterfaces().Append(type).Any(face =>
            face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>) && IsSimple(face.GenericTypeArguments[0]));

    private static string NameOf(Match placeholder) => placeholder.Groups["name"].Value;

    [GeneratedRegex(@"(?<slash>/?)\{(?<slashes>\*\*)?(?<name>[^/?}]*)(?<optional>\?)?\}")]
    private static partial Regex Placeholder();

    private sealed record Argument(string Name, int Position, string? Format)
    {
        public KeyValuePair<string, string?> With(string? value) => new(Name, value);

        public string? Text(object?[] arguments) => Render(arguments[Position]);

        // Collections are joined by commas, upstream's default format.
        private string? Render(object? value) => value switch
        {
            null or string => (string?)value,
            Enum => value.GetType().GetField(value.ToString()!)?.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? value.ToString(),
            IFormattable formattable => formattable.ToString(Format, CultureInfo.InvariantCulture),
            IEnumerable values => string.Join(',', values.Cast<object?>().Select(Render)),
            _ => value.ToString(),
        };
    }
}
