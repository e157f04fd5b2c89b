using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrintCraft.Tests.Cli;

/// <summary>A server with one page, as somebody else's program has.</summary>
internal sealed class SmallPage : IDisposable
{
    private readonly HttpListener _listener = new();

    public SmallPage(string path, string text)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://localhost:{((IPEndPoint)free.LocalEndpoint).Port}");
        }

        _listener.Prefixes.Add($"{Address}");
        _listener.Start();
        _ = AnswerAsync(path, Encoding.UTF8.GetBytes(text));
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync(string path, byte[] text)
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                context.Response.StatusCode = context.Request.Url!.AbsolutePath == path ? 200 : 404;
                await context.Response.OutputStream.WriteAsync(text);
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
