using PrintCraft.Core.Messaging;

using RabbitMQ.Client;

namespace PrintCraft.Worker.Messaging;

/// <summary>
/// Opens channels on the process's one connection, with the topology declared. Making the connection blocks and throws while the broker is
/// down, so it is made here, in the background and again at each call, never at start-up; once made it recovers by itself.
/// </summary>
internal sealed class RabbitMqChannels(IServiceProvider services)
{
    public async Task<IChannel> OpenAsync(CreateChannelOptions options, CancellationToken cancellationToken)
    {
        // Not to be waited for when stopping: the attempts go on for half a minute.
        var connection = await Task.Run(services.GetRequiredService<IConnection>, cancellationToken).WaitAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(options, cancellationToken);
        try
        {
            await Topology.DeclareAsync(channel, cancellationToken);
            return channel;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }
}
