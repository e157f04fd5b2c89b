// Floor thumbnails COUNT FILES: see Thumbnails.cs.
// Floor ADDRESS MESSAGES: how many persistent messages a second PrintCraft's own work queue (quorum) confirms, published one by one and in the relay's batches.
using System.Diagnostics;
using System.Globalization;

using PrintCraft.Core.Messaging;

using RabbitMQ.Client;

if (args is ["thumbnails", var pictures, .. var files])
{
    await Floor.ThumbnailCost.MeasureAsync(int.Parse(pictures, CultureInfo.InvariantCulture), files);
    return;
}

var messages = int.Parse(args[1], CultureInfo.InvariantCulture);
await using var connection = await new ConnectionFactory { Uri = new Uri(args[0]) }.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
await Topology.DeclareAsync(channel, CancellationToken.None);

var body = "{\"generationId\":\"019aa000-0000-7000-8000-000000000000\"}"u8.ToArray();
await PublishAsync(messages / 10, 100);
foreach (var (batch, count) in new[] { (1, messages / 10), (100, messages) })
{
    var from = Stopwatch.GetTimestamp();
    await PublishAsync(count, batch);
    var rate = count / Stopwatch.GetElapsedTime(from).TotalSeconds;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rabbitmq  {$"confirmed by a quorum queue, {batch} at a time",-72} {rate,7:0} /s"));
}

async Task PublishAsync(int count, int batch)
{
    for (var sent = 0; sent < count; sent += batch)
    {
        await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => channel.BasicPublishAsync(
            Topology.WorkExchange, Topology.GenerateKey, mandatory: true, new BasicProperties { Persistent = true, ContentType = "application/json" }, body).AsTask()));
    }
}
