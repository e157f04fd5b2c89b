using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

using PrintCraft.Tests.Faults;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.Events;

/// <summary>The streams as bytes and connections, on an API without a worker: nothing happens but what the test does.</summary>
[Collection(nameof(ApiAlone))]
public sealed class EventWireTests(ApiAlone fixture)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Scenario _scenario = fixture.Scenario;

    [Fact]
    public async Task The_wire_is_what_browsers_and_proxies_expect()
    {
        var user = _scenario.NewUser();
        var id = await _scenario.OrderAsync(user);
        using var response = await user.Http.GetAsync($"/api/v1/generations/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(("no-store", "no"), (response.Headers.CacheControl?.ToString(), response.Headers.GetValues("X-Accel-Buffering").Single()));
        Assert.Equal(["retry: 2000", "id: 0", "", "id: 1", "event: job.progress"], await LinesAsync(reader, 5));
        Assert.Matches(
            $$"""^data: \{"generationId":"{{id}}","seq":1,"type":"accepted","status":"pending","progress":10,"image":null,"timestamp":"[^"]+"\}$""", (await LinesAsync(reader, 1))[0]);
        Assert.Equal(["", ": heartbeat", "", ": heartbeat"], await LinesAsync(reader, 4));
        await user.Api.CancelGenerationAsync(id, None);
        var rest = await reader.ReadToEndAsync();
        Assert.EndsWith("\n\n", rest, StringComparison.Ordinal);
        Assert.Contains("id: 2\nevent: job.canceled\ndata: {", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_event_id_is_refused(string id)
    {
        var user = _scenario.NewUser();
        foreach (var path in new[] { $"/api/v1/generations/{Guid.CreateVersion7()}/events", "/api/v1/generations/events" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Last-Event-ID", id);
            var byHeader = await (await user.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
            var byParameter = await (await user.Http.GetAsync($"{path}?after={id}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid_request");
            Assert.Equal(["Last-Event-ID", "after"], new[] { byHeader, byParameter }.Select(problem => Assert.Single(problem.Error.Details).Field));
        }
    }

    [Fact]
    public async Task Somebody_elses_stream_is_not_found()
    {
        var id = await _scenario.OrderAsync(_scenario.NewUser());

        await (await _scenario.NewUser().Http.GetAsync($"/api/v1/generations/{id}/events")).ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_user_has_five_streams_and_gets_the_place_of_one_that_was_dropped()
    {
        var (user, other) = (_scenario.NewUser(), _scenario.NewUser());
        var open = new List<HttpResponseMessage>();
        for (var stream = 0; stream < 5; stream++)
        {
            open.Add(await user.Http.GetAsync("/api/v1/generations/events", HttpCompletionOption.ResponseHeadersRead));
            Assert.Equal(HttpStatusCode.OK, open[^1].StatusCode);
        }

        using var sixth = await user.Http.GetAsync("/api/v1/generations/events");
        await sixth.ProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        Assert.NotNull(sixth.Headers.RetryAfter?.Delta);
        using var others = await other.Http.GetAsync("/api/v1/generations/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);

        open[0].Dispose();
        await UntilFreeAsync(user, streams: 1);
        open.ForEach(response => response.Dispose());
    }

    [Fact]
    public async Task Clients_that_read_nothing_are_cut_off_leave_nothing_behind_and_delay_nobody()
    {
        var (user, other) = (_scenario.NewUser(), _scenario.NewUser());
        var id = await _scenario.OrderAsync(user);
        // More than the buffers of two kernels hold.
        await _scenario.Sql.ExecuteAsync(
            """
            INSERT INTO generation_events (generation_id, seq, user_id, user_seq, type, payload, created_at)
            SELECT $1, seq, $2, seq, 'progress', '{"progress": 10}', now() FROM generate_series(2, 60000) AS seq
            """, id, user.Id);
        // Until then the planner takes the user for one with a handful of events, and sorts all 60,000 for each page.
        await _scenario.Sql.ExecuteAsync("ANALYZE generation_events");
        await _scenario.Sql.ExecuteAsync("UPDATE generations SET last_event = 60000 WHERE id = $1", id);
        await _scenario.Sql.ExecuteAsync("UPDATE accounts SET last_event = 60000 WHERE user_id = $1", user.Id);
        await using var attentive = await HubClient.ConnectAsync(_scenario.Api.Address, other.Credential);
        await attentive.CallAsync("subscribe:user");
        var sockets = new[] { await OpenAsync(user, "/api/v1/generations/events?after=0"), await OpenAsync(user, $"/api/v1/generations/{id}/events") };
        var connections = new List<ClientWebSocket>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            connections.Add(await HubClient.DeafAsync(_scenario.Api.Address, user.Credential, "resume:user", 0));
        }

        var others = await _scenario.OrderAsync(other);
        var ordered = Stopwatch.GetTimestamp();
        Assert.Equal(others, (await attentive.NextAsync()).GenerationId);
        Assert.True(Stopwatch.GetElapsedTime(ordered) < ApiAlone.WriteTimeout, $"The event came after {Stopwatch.GetElapsedTime(ordered)}.");

        // All five places are taken by clients that read nothing, until each is cut off.
        await UntilFreeAsync(user, streams: 5);
        Assert.All(await Task.WhenAll(sockets.Select(WasCutAsync)), wasCut => Assert.True(wasCut, "the stream went on to its end"));
        Assert.All(await Task.WhenAll(connections.Select(WasCutAsync)), wasCut => Assert.True(wasCut, "the connection went on"));
        await user.Api.CancelGenerationAsync(id, None);
    }

    [Fact]
    public async Task A_process_that_stops_ends_its_streams_at_once()
    {
        await using var scenario = await Scenario.PrepareAsync(new ScenarioPlan { Workers = 0 });
        await scenario.Api.StartAsync();
        var user = scenario.NewUser();
        using var response = await user.Http.GetAsync("/api/v1/generations/events", HttpCompletionOption.ResponseHeadersRead);

        var (code, after) = await scenario.Api.TerminateAsync();

        Assert.Equal(0, code);
        Assert.True(after < TimeSpan.FromSeconds(10), $"It took {after}.");
        Assert.Equal("retry: 2000\nid: 0\n\n", await response.Content.ReadAsStringAsync());
    }

    /// <summary>Takes places as they come free, one after the other.</summary>
    private static async Task UntilFreeAsync(TestUser user, int streams)
    {
        var taken = new List<HttpResponseMessage>();
        await Eventually.HoldsAsync(
            async () =>
            {
                var response = await user.Http.GetAsync("/api/v1/generations/events", HttpCompletionOption.ResponseHeadersRead);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    taken.Add(response);
                }
                else
                {
                    response.Dispose();
                }

                return taken.Count == streams;
            },
            () => $"the places of {streams} streams to be given back; {taken.Count} were",
            TimeSpan.FromSeconds(60));
        taken.ForEach(response => response.Dispose());
    }

    private static async Task<IReadOnlyList<string>> LinesAsync(StreamReader reader, int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await reader.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The stream has ended."));
        }

        return lines;
    }

    private static async Task<Socket> OpenAsync(TestUser user, string path)
    {
        var address = user.Http.BaseAddress!;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {user.Credential}\r\n\r\n"));
        return socket;
    }

    /// <summary>Reads what the kernels still have; true if then the line is broken, false if the last event comes.</summary>
    private static async Task<bool> WasCutAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        return await WasCutAsync(async (buffer, cancellationToken) => await stream.ReadAsync(buffer, cancellationToken));
    }

    private static async Task<bool> WasCutAsync(ClientWebSocket socket)
    {
        using (socket)
        {
            return await WasCutAsync(async (buffer, cancellationToken) => (await socket.ReceiveAsync(buffer, cancellationToken)).Count);
        }
    }

    private static async Task<bool> WasCutAsync(Func<byte[], CancellationToken, Task<int>> read)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (buffer, tail) = (new byte[65536], "");
        try
        {
            for (int count; (count = await read(buffer, patience.Token)) > 0;)
            {
                tail = (tail + Encoding.UTF8.GetString(buffer, 0, count))[^Math.Min(count + tail.Length, 400)..];
                if (tail.Contains("\"seq\":60000,", StringComparison.Ordinal))
                {
                    return false;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or WebSocketException)
        {
            return true;
        }
    }
}
