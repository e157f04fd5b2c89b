using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace PrintCraft.Tests.Embedded;

/// <summary>The public port before a program's own: the program only has its port, the test listens there in its place.</summary>
public sealed class EndpointProxyTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Bytes_go_both_ways_and_half_a_connection_may_end_before_the_other(string address)
    {
        await using var web = await Web.StartAsync();
        using var program = web.Listen();
        using var client = await web.ConnectAsync(IPAddress.Parse(address));
        using var served = await program.AcceptSocketAsync(web.App.Patience);

        await client.SendAsync("question"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        var question = await ReadToEndAsync(served, web.App.Patience);
        await served.SendAsync("answer"u8.ToArray());
        served.Shutdown(SocketShutdown.Send);

        Assert.Equal("question", question);
        Assert.Equal("answer", await ReadToEndAsync(client, web.App.Patience));
    }

    [Fact]
    public async Task A_connection_waits_for_a_program_that_does_not_listen_yet()
    {
        await using var web = await Web.StartAsync();
        using var client = await web.ConnectAsync(IPAddress.Loopback);
        await client.SendAsync("early"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        using var program = web.Listen();
        using var served = await program.AcceptSocketAsync(web.App.Patience);

        Assert.Equal("early", await ReadToEndAsync(served, web.App.Patience));
    }

    [Fact]
    public async Task A_reset_reaches_the_other_side()
    {
        await using var web = await Web.StartAsync();
        using var program = web.Listen();
        using var client = await web.ConnectAsync(IPAddress.Loopback);
        var served = await program.AcceptSocketAsync(web.App.Patience);
        await served.SendAsync("x"u8.ToArray());
        await client.ReceiveAsync(new byte[1], web.App.Patience);

        served.LingerState = new LingerOption(true, 0);
        served.Dispose();

        var error = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client, web.App.Patience));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task A_caller_of_a_stopped_program_is_refused_after_a_while()
    {
        await using var web = await Web.StartAsync();
        Assert.True(await web.App.ExecuteAsync("web", KnownResourceCommands.StopCommand));

        using var client = await web.ConnectAsync(IPAddress.Loopback);

        var error = await Assert.ThrowsAsync<SocketException>(() => ReadToEndAsync(client, web.App.Patience));
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    [Fact]
    public async Task The_public_port_follows_the_program_through_a_restart()
    {
        await using var web = await Web.StartAsync();
        var before = web.OwnPort;
        Assert.True(await web.App.ExecuteAsync("web", KnownResourceCommands.RestartCommand));
        await web.App.WaitForAsync("web", KnownResourceStates.Running);

        using var program = web.Listen();
        using var client = await web.ConnectAsync(IPAddress.Loopback);
        using var served = await program.AcceptSocketAsync(web.App.Patience);

        Assert.NotEqual(before, web.OwnPort);
    }

    private static async Task<string> ReadToEndAsync(Socket socket, CancellationToken cancellationToken)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1024]);
        while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    private sealed record Web(SmallApp App) : IAsyncDisposable
    {
        public int OwnPort => int.Parse(SmallApp.Variables(App.Now("web"))["PORT"]!, CultureInfo.InvariantCulture);

        public static async Task<Web> StartAsync()
        {
            var builder = SmallApp.Describe();
            builder.AddShell("web").WithHttpEndpoint(env: "PORT");
            var web = new Web(await SmallApp.StartAsync(builder));
            await web.App.WaitForAsync("web", KnownResourceStates.Running);
            return web;
        }

        public TcpListener Listen()
        {
            var listener = new TcpListener(IPAddress.Loopback, OwnPort);
            listener.Start();
            return listener;
        }

        public async Task<Socket> ConnectAsync(IPAddress address)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, App.App.GetEndpoint("web", "http").Port, App.Patience);
            return socket;
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
