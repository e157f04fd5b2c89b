using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrintCraft.Tests.Mail;

/// <summary>As much of SMTP (RFC 5321) as takes one letter after the other.</summary>
internal sealed class MailServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public MailServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every line that clients sent.</summary>
    public ConcurrentQueue<string> Said { get; } = [];

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
            await using var writer = new StreamWriter(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 here");
            for (var (inLetter, line) = (false, await reader.ReadLineAsync()); line is not null; line = await reader.ReadLineAsync())
            {
                Said.Enqueue(line.TrimEnd());
                if (inLetter && line != ".")
                {
                    continue;
                }

                inLetter = line == "DATA";
                await writer.WriteLineAsync(inLetter ? "354 go on" : "250 yes");
            }
        }
    }
}
