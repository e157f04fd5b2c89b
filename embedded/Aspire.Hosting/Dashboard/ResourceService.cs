using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Embedded.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The gRPC service that the dashboard reads resources, logs and commands from: HTTP/2 without TLS on loopback, framed by hand, since
/// Grpc.AspNetCore is not on the smaller feed. A message is a zero byte, its length as big-endian uint32 and its bytes.
/// </summary>
internal sealed class ResourceService(
    string applicationName, string apiKey, ResourceNotificationService notifications, ResourceLoggerService loggers, ResourceCommandService commands)
    : IAsyncDisposable
{
    internal const int Unimplemented = 12;
    internal const int Unavailable = 14;
    internal const int Unauthenticated = 16;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _web;

    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
            // The interaction stream idles for as long as the dashboard runs.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        _web = builder.Build();
        _web.Run(ServeAsync);
        await _web.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_web is not null)
        {
            await _web.DisposeAsync();
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        var key = Encoding.UTF8.GetBytes(context.Request.Headers["x-resource-service-api-key"].ToString());
        var status = Unauthenticated;
        if (CryptographicOperations.FixedTimeEquals(key, Encoding.UTF8.GetBytes(apiKey)))
        {
            await context.Response.StartAsync(ending.Token);
            try
            {
                status = await AnswerAsync(context, ending.Token);
            }
            catch (OperationCanceledException)
            {
                status = Unavailable;
            }
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.AppendTrailer("grpc-status", $"{status}");
        }
    }

    private async Task<int> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        switch (context.Request.Path.Value?.Split('/')[^1])
        {
            case "GetApplicationInformation":
                await SendAsync(context, new ApplicationInformationResponse { ApplicationName = applicationName }, cancellationToken);
                return 0;
            case "WatchResources":
                await SendAsync(context, new WatchResourcesUpdate { InitialData = new InitialResourceData() }, cancellationToken);
                await foreach (var change in notifications.WatchAsync(cancellationToken))
                {
                    await SendAsync(context, ResourceMessages.Upsert(change), cancellationToken);
                }

                return 0;
            case "WatchResourceConsoleLogs":
                await SendLogsAsync(context, await ReceiveAsync(context, WatchResourceConsoleLogsRequest.Parser, cancellationToken), cancellationToken);
                return 0;
            case "ExecuteResourceCommand":
                var request = await ReceiveAsync(context, ResourceCommandRequest.Parser, cancellationToken);
                var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken);
                await SendAsync(context, new ResourceCommandResponse { Kind = result.Success ? 1 : 2, Message = result.Message ?? "" }, cancellationToken);
                return 0;
            case "WatchInteractions":
                // Never anything to ask; ending this stream would make the dashboard give up on us.
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return 0;
            default:
                return Unimplemented;
        }
    }

    private async Task SendLogsAsync(HttpContext context, WatchResourceConsoleLogsRequest request, CancellationToken cancellationToken)
    {
        if (request.SuppressFollow)
        {
            await SendAsync(context, ResourceMessages.ToUpdate(loggers.Snapshot(request.ResourceName)), cancellationToken);
            return;
        }

        await foreach (var lines in loggers.WatchAsync(request.ResourceName).WithCancellation(cancellationToken))
        {
            // The dashboard takes messages of 16 MB at most.
            foreach (var some in lines.Chunk(500))
            {
                await SendAsync(context, ResourceMessages.ToUpdate(some), cancellationToken);
            }
        }
    }

    private static async Task<T> ReceiveAsync<T>(HttpContext context, MessageParser<T> parser, CancellationToken cancellationToken)
        where T : IMessage<T>
    {
        var prefix = new byte[5];
        await context.Request.Body.ReadExactlyAsync(prefix, cancellationToken);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(message, cancellationToken);
        return parser.ParseFrom(message);
    }

    private static async Task SendAsync(HttpContext context, IMessage message, CancellationToken cancellationToken)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        await context.Response.Body.WriteAsync(frame, cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }
}
