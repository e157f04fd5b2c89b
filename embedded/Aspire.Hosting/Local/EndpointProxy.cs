using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// Holds a public port for as long as the host lives and hands each connection to the next replica, so that a restart keeps the
/// address. A connection that comes while no replica answers waits a few seconds for one. Nothing cuts an idle connection.
/// </summary>
internal sealed class EndpointProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly Task _accepting;
    private int[] _targets = [];
    private int _turn = -1;

    private EndpointProxy(int port, string owner)
    {
        Port = port;
        try
        {
            foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
            {
                var listener = new TcpListener(address, port);
                listener.Start();
                _listeners.Add(listener);
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse || _listeners.Count == 0)
        {
            _listeners.ForEach(listener => listener.Stop());
            throw Ports.Taken(port, owner);
        }
        catch (SocketException)
        {
            // A machine without IPv6.
        }

        _accepting = Task.WhenAll(_listeners.Select(AcceptAllAsync));
    }

    public int Port { get; }

    /// <summary>Whether a connection waits while no replica answers: not at the end of the host, when none will.</summary>
    public bool Holds { private get; set; } = true;

    /// <summary>Listens on 127.0.0.1 and ::1; port 0 takes a free one.</summary>
    public static EndpointProxy Listen(int port, string owner) => new(port == 0 ? Ports.Free() : port, owner);

    public void SetTargets(IReadOnlyList<int> ports) => Volatile.Write(ref _targets, [.. ports]);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listeners.ForEach(listener => listener.Stop());
    }

    private async Task AcceptAllAsync(TcpListener listener)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptSocketAsync(_closing.Token));
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Closing; or out of descriptors, or the caller left already: the next one may do.
                await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var caller = client;
        try
        {
            using var server = await ConnectAsync();
            // Both streams before any copying: a socket with one half closed is refused.
            await using var outer = new NetworkStream(client);
            await using var inner = new NetworkStream(server);
            var (up, down) = (RelayAsync(outer, inner), RelayAsync(inner, outer));
            // Half a connection may end in peace and the other half goes on; when one half fails, leaving here closes the other.
            await await Task.WhenAny(up, down);
            await Task.WhenAll(up, down);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // No replica, or one side reset: so does the caller's.
            client.LingerState = new LingerOption(true, 0);
        }
    }

    private async Task RelayAsync(NetworkStream from, NetworkStream to)
    {
        to.Socket.NoDelay = true;
        await from.CopyToAsync(to, 16 * 1024, _closing.Token);
        to.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task<Socket> ConnectAsync()
    {
        for (var asked = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(5);)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (Volatile.Read(ref _targets) is { Length: > 0 } targets)
                {
                    var turn = (uint)Interlocked.Increment(ref _turn);
                    await socket.ConnectAsync([IPAddress.Loopback, IPAddress.IPv6Loopback], targets[turn % targets.Length], _closing.Token);
                    return socket;
                }
            }
            catch (SocketException)
            {
                // Ended, or not listening yet.
            }

            socket.Dispose();
            if (!Holds)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _closing.Token);
        }

        throw new SocketException((int)SocketError.ConnectionRefused);
    }
}
