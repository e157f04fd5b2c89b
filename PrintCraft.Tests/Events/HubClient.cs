using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace PrintCraft.Tests.Events;

/// <summary>A call of the server to its client.</summary>
internal sealed record HubMessage(string Method, JsonElement Body)
{
    public long Id => Body.GetProperty("id").GetInt64();

    public string Type => Body.GetProperty("type").GetString()!;

    public string Channel => Body.GetProperty("channel").GetString()!;

    public Guid GenerationId => Body.GetProperty("generationId").GetGuid();

    public bool IsFinal => Method is "complete" or "failed" or "canceled";
}

/// <summary>How the server ended the connection; an error of null is no error.</summary>
internal sealed record HubClosed(string? Error, bool AllowReconnect);

/// <summary>The server refused a call.</summary>
internal sealed class HubError(string message) : Exception(message);

/// <summary>
/// SignalR's JSON protocol over a WebSocket, as far as the tests speak it
/// (https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md). There is no package of a client for .NET in every feed.
/// </summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket;
    private readonly Channel<HubMessage> _messages = Channel.CreateUnbounded<HubMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly TaskCompletionSource<HubClosed?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastCall;
    private int _pings;

    private HubClient(ClientWebSocket socket) => _socket = socket;

    /// <summary>Heartbeats that came.</summary>
    public int Pings => Volatile.Read(ref _pings);

    /// <summary>What the server said at the end; null when the line only broke.</summary>
    public Task<HubClosed?> Closed => _closed.Task.WaitAsync(Patience);

    /// <summary>With the header that programs send.</summary>
    public static Task<HubClient> ConnectAsync(Uri api, string credential) => ConnectAsync(Address(api, ""), socket => socket.Options.SetRequestHeader("Authorization", $"Bearer {credential}"));

    /// <summary>As browsers do it.</summary>
    public static Task<HubClient> ConnectByQueryAsync(Uri api, string credential, string more = "") => ConnectAsync(Address(api, $"?access_token={credential}{more}"), _ => { });

    /// <summary>As this client comes and who it is.</summary>
    public static Task<HubClient> ConnectAsync(HttpClient http) => ConnectAsync(Address(http.BaseAddress!, ""), _ => { }, http);

    public static Uri Address(Uri api, string query) => new($"ws://{api.Authority}/hubs/generations{query}");

    /// <exception cref="WebSocketException">The server did not take the connection; the status is in the message.</exception>
    private static async Task<HubClient> ConnectAsync(Uri address, Action<ClientWebSocket> set, HttpClient? http = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        var socket = new ClientWebSocket();
        set(socket);
        try
        {
            await socket.ConnectAsync(address, http, patience.Token);
            var client = new HubClient(socket);
            await client.SendAsync("""{"protocol":"json","version":1}""");
            var answer = await client.ReceiveAsync(new byte[64], patience.Token);
            Assert.Equal($"{{}}{End}", answer);
            _ = client.ListenAsync();
            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A connection whose client never reads, after it has asked for this.</summary>
    public static async Task<ClientWebSocket> DeafAsync(Uri api, string credential, string method, params object?[] arguments)
    {
        using var patience = new CancellationTokenSource(Patience);
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address(api, $"?access_token={credential}"), patience.Token);
        var client = new HubClient(socket);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = "1", target = method, arguments }));
        return socket;
    }

    public async Task<JsonElement> CallAsync(string method, params object?[] arguments)
    {
        var id = $"{Interlocked.Increment(ref _lastCall)}";
        var answer = _calls[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }));
        return await answer.Task.WaitAsync(Patience);
    }

    /// <summary>The code and message with which the server refuses a call.</summary>
    public async Task<string> RefusedAsync(string method, params object?[] arguments)
    {
        var error = await Assert.ThrowsAsync<HubError>(() => CallAsync(method, arguments));
        Assert.Contains(" HubException: ", error.Message, StringComparison.Ordinal);
        return error.Message.Split(" HubException: ")[1];
    }

    /// <summary>Events as they come, until the connection ends.</summary>
    public IAsyncEnumerable<HubMessage> ReadAsync(CancellationToken cancellationToken) => _messages.Reader.ReadAllAsync(cancellationToken);

    public async Task<HubMessage> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(patience.Token);
    }

    public async Task SendAsync(string message)
    {
        using var patience = new CancellationTokenSource(Patience);
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
    }

    /// <summary>Breaks the line without a word.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ListenAsync()
    {
        HubClosed? closed = null;
        try
        {
            var (buffer, rest) = (new byte[65536], "");
            while (await ReceiveAsync(buffer, CancellationToken.None) is { } text)
            {
                var parts = (rest + text).Split(End);
                rest = parts[^1];
                foreach (var part in parts[..^1])
                {
                    closed = Take(JsonSerializer.Deserialize<JsonElement>(part)) ?? closed;
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The line broke.
        }
        finally
        {
            _closed.TrySetResult(closed);
            _messages.Writer.TryComplete();
            foreach (var call in _calls.Values)
            {
                call.TrySetException(new HubError($"The connection ended: {closed}"));
            }
        }
    }

    /// <returns>How the connection ends, if this says so.</returns>
    private HubClosed? Take(JsonElement message)
    {
        switch (message.GetProperty("type").GetInt32())
        {
            case 1:
                _messages.Writer.TryWrite(new HubMessage(message.GetProperty("target").GetString()!, message.GetProperty("arguments")[0]));
                break;
            case 3 when _calls.TryRemove(message.GetProperty("invocationId").GetString()!, out var call):
                if (message.TryGetProperty("error", out var error))
                {
                    call.TrySetException(new HubError(error.GetString()!));
                }
                else
                {
                    call.TrySetResult(message.TryGetProperty("result", out var result) ? result : default);
                }

                break;
            case 6:
                Interlocked.Increment(ref _pings);
                break;
            case 7:
                return new HubClosed(
                    message.TryGetProperty("error", out var reason) ? reason.GetString() : null, message.TryGetProperty("allowReconnect", out var allow) && allow.GetBoolean());
        }

        return null;
    }

    /// <summary>Text as it comes; null at the end.</summary>
    private async Task<string?> ReceiveAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        // A character may lie across two frames: they are put together before they are read.
        var read = 0;
        for (; ; )
        {
            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            var result = await _socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            read += result.Count;
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, read);
            }
        }
    }
}
