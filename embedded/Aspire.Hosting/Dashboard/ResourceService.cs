using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Embedded.Wire;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aspire.Hosting.Embedded;

/// <summary>
/// The gRPC service that the dashboard reads resources, logs and commands from: HTTP/2 without TLS on loopback, framed by hand, since
/// Grpc.AspNetCore is not on the smaller feed. A message is a zero byte, its length as big-endian int32 and its bytes.
/// </summary>
internal sealed class ResourceService(
    string applicationName, string apiKey, ResourceNotificationService notifications, ResourceLoggerService loggers, ResourceCommandService commands)
    : IAsyncDisposable
{
    private const int Unimplemented = 12;
    private const int Unavailable = 14;
    private const int Unauthenticated = 16;
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication? _web;

    public async Task StartAsync(int port, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http2);
            // The interaction stream idles for as long as the dashboard runs.
            (kestrel.Limits.MinRequestBodyDataRate, kestrel.Limits.MinResponseDataRate) = (null, null);
        });
        _web = builder.Build();
        _web.Run(ServeAsync);
        await _web.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await (_web?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, context.RequestAborted);
        context.Response.ContentType = "application/grpc";
        var key = context.Request.Headers["x-resource-service-api-key"].ToString();
        var status = Unauthenticated;
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(apiKey)))
        {
            await context.Response.StartAsync(ending.Token);
            try
            {
                status = await AnswerAsync(context, context.Request.Path.Value?.Split('/')[^1], ending.Token) ? 0 : Unimplemented;
            }
            catch (OperationCanceledException)
            {
                status = Unavailable;
            }
        }

        context.Response.AppendTrailer("grpc-status", $"{status}");
    }

    private async Task<bool> AnswerAsync(HttpContext context, string? method, CancellationToken cancellationToken)
    {
        switch (method)
        {
            case "GetApplicationInformation":
                await SendAsync(context, new ApplicationInformationResponse { ApplicationName = applicationName }, cancellationToken);
                return true;
            case "WatchResources":
                await SendAsync(context, new WatchResourcesUpdate { InitialData = new() }, cancellationToken);
                await foreach (var change in notifications.WatchAsync(cancellationToken))
                {
                    await SendAsync(context, ResourceMessages.ToUpdate(change), cancellationToken);
                }

                return true;
            case "WatchResourceConsoleLogs":
                var asked = await ReceiveAsync(context, WatchResourceConsoleLogsRequest.Parser, cancellationToken);
                // The dashboard takes messages of 16 MB at most.
                var log = asked.SuppressFollow ? loggers.Snapshot(asked.ResourceName).Chunk(500).ToAsyncEnumerable() : loggers.WatchAsync(asked.ResourceName);
                await foreach (var lines in log.WithCancellation(cancellationToken))
                {
                    foreach (var some in lines.Chunk(500))
                    {
                        await SendAsync(context, ResourceMessages.ToUpdate(some), cancellationToken);
                    }
                }

                return true;
            case "ExecuteResourceCommand":
                var request = await ReceiveAsync(context, ResourceCommandRequest.Parser, cancellationToken);
                var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, cancellationToken);
                await SendAsync(context, ResourceMessages.ToResponse(result), cancellationToken);
                return true;
            case "WatchInteractions":
                // Never anything to ask; ending this stream would make the dashboard give up on us.
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return true;
            default:
                return false;
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
