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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<Socket> _listeners;
    private readonly Task _accepting;
    private int[] _targets = [];
    private int _turn = -1;

    private EndpointProxy(int port, List<Socket> listeners)
    {
        (Port, _listeners) = (port, listeners);
        _accepting = Task.WhenAll(listeners.Select(AcceptAllAsync));
    }

    public int Port { get; }

    /// <summary>Listens on 127.0.0.1 and, where the machine has it, on ::1; port 0 takes a free one.</summary>
    public static EndpointProxy Listen(int port, string owner)
    {
        port = port == 0 ? Ports.Free() : port;
        var listeners = new List<Socket>();
        try
        {
            foreach (var address in Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : new[] { IPAddress.Loopback })
            {
                listeners.Add(new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
                listeners[^1].Bind(new IPEndPoint(address, port));
                listeners[^1].Listen();
            }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            listeners.ForEach(listener => listener.Dispose());
            throw Ports.Taken(port, owner);
        }
        catch (SocketException) when (listeners.Count == 2)
        {
            listeners.RemoveAt(1);
        }

        return new EndpointProxy(port, listeners);
    }

    public void SetTargets(IReadOnlyList<int> ports) => Volatile.Write(ref _targets, [.. ports]);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _accepting;
        _listeners.ForEach(listener => listener.Dispose());
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(_closing.Token));
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
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        using var caller = client;
        try
        {
            using var server = await ConnectAsync(connection.Token);
            // Both streams before any copying: a socket with one half closed is refused.
            await using var outer = new NetworkStream(client);
            await using var inner = new NetworkStream(server);
            await Task.WhenAll(RelayAsync(outer, inner, connection), RelayAsync(inner, outer, connection));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // No replica, or one side reset: so does the other.
            client.LingerState = new LingerOption(true, 0);
        }
    }

    /// <summary>Copies until the end of input and passes that end on, while the other direction goes on.</summary>
    private static async Task RelayAsync(NetworkStream from, NetworkStream to, CancellationTokenSource connection)
    {
        try
        {
            to.Socket.NoDelay = true;
            await from.CopyToAsync(to, 16 * 1024, connection.Token);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await connection.CancelAsync();
            throw;
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var asked = Stopwatch.GetTimestamp(); ;)
        {
            var targets = Volatile.Read(ref _targets);
            for (var attempt = 0; attempt < targets.Length; attempt++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    var turn = (uint)Interlocked.Increment(ref _turn);
                    await socket.ConnectAsync([IPAddress.Loopback, IPAddress.IPv6Loopback], targets[turn % targets.Length], cancellationToken);
                    return socket;
                }
                catch (SocketException)
                {
                    socket.Dispose();
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            if (Stopwatch.GetElapsedTime(asked) > Patience)
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }
        }
    }
}
