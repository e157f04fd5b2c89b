using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrintCraft.Tests.Faults;

/// <summary>
/// A network between a process and a server that a test can break: nobody listens, the line is cut, bytes go nowhere, bytes come late.
/// Both ends are real sockets, so each side sees what the operating system makes of it.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _targetPort;
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private readonly Lock _gate = new();
    private Socket? _listener;
    private TaskCompletionSource _open = Opened();
    private TimeSpan _delay;
    private long _bytesToCut = -1;

    private TcpProxy(string host, int targetPort) => (_host, _targetPort) = (host, targetPort);

    public int Port { get; private set; }

    /// <summary>Connections that were ever made.</summary>
    public int Connections { get; private set; }

    /// <summary>Bytes that came through from the server.</summary>
    public long Answered { get; private set; }

    public static TcpProxy To(string host, int port)
    {
        var proxy = new TcpProxy(host, port);
        proxy.Pass();
        return proxy;
    }

    /// <summary>All is well again: new connections are made, and what a black hole or a delay held back arrives.</summary>
    public void Pass()
    {
        lock (_gate)
        {
            _delay = TimeSpan.Zero;
            Volatile.Write(ref _bytesToCut, -1);
            _open.TrySetResult();
            if (_listener is null)
            {
                _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
                _listener.Listen(128);
                Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
                _ = AcceptAsync(_listener);
            }
        }
    }

    /// <summary>As a server that is not there: what was connected is reset, and connecting is refused.</summary>
    public void Refuse()
    {
        lock (_gate)
        {
            _listener?.Dispose();
            _listener = null;
        }

        Reset();
    }

    /// <summary>Every connection there is ends at once (RST); new ones are made.</summary>
    public void Reset()
    {
        foreach (var link in _links.Keys)
        {
            link.Reset();
        }
    }

    /// <summary>Connections stay and are made, and nothing comes through, until <see cref="Pass"/>.</summary>
    public void Blackhole()
    {
        lock (_gate)
        {
            if (_open.Task.IsCompleted)
            {
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Each piece of data, either way, comes so much later.</summary>
    public void Delay(TimeSpan delay) => _delay = delay;

    /// <summary>The server's side says that it is done (FIN), while it still takes data.</summary>
    public void HalfClose()
    {
        foreach (var link in _links.Keys)
        {
            link.HalfClose();
        }
    }

    /// <summary>Once: after so many further bytes from the server, the connection that they came on is reset. 0 loses the next answer whole.</summary>
    public void CutAfter(long bytes) => Volatile.Write(ref _bytesToCut, bytes);

    public ValueTask DisposeAsync()
    {
        Refuse();
        _open.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                Connections++;
                _ = CarryAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Refused from now on.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var link = new Link(client, server);
        _links[link] = true;
        try
        {
            await _open.Task;
            await server.ConnectAsync(_host, _targetPort);
            await Task.WhenAll(PumpAsync(client, server, link, isAnswer: false), PumpAsync(server, client, link, isAnswer: true));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            link.Reset();
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Link link, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer)) > 0;)
            {
                await _open.Task;
                if (_delay > TimeSpan.Zero)
                {
                    await Task.Delay(_delay);
                }

                var pass = isAnswer ? Allowed(read) : read;
                await to.SendAsync(buffer.AsMemory(0, pass));
                Answered += isAnswer ? pass : 0;
                if (pass < read)
                {
                    link.Reset();
                    return;
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            link.Reset();
        }
    }

    /// <summary>How many of these bytes still pass before the cut.</summary>
    private int Allowed(int bytes)
    {
        lock (_gate)
        {
            if (_bytesToCut < 0 || bytes < _bytesToCut)
            {
                _bytesToCut = _bytesToCut < 0 ? -1 : _bytesToCut - bytes;
                return bytes;
            }

            var pass = (int)_bytesToCut;
            _bytesToCut = -1;
            return pass == bytes ? bytes - 1 : pass;
        }
    }

    private sealed class Link(Socket client, Socket server) : IDisposable
    {
        public void Reset()
        {
            foreach (var socket in new[] { client, server })
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
                {
                    // Closed already.
                }

                socket.Dispose();
            }
        }

        public void HalfClose()
        {
            try
            {
                client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
        }

        public void Dispose() => client.Dispose();
    }
}
