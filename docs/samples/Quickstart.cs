using PrintCraft.Client;

namespace PrintCraft.Samples;

/// <summary>A prompt becomes a picture, with the typed client.</summary>
public static class Quickstart
{
    public static async Task<string> RunAsync(Uri address, string credential, string prompt, string file, CancellationToken cancellationToken)
    {
        // Repeats what is safe to repeat, and waits as long as the server asks.
        var api = PrintCraftClient.Create(address, credential);

        // With a key the order can be repeated and stays one order.
        var order = new NewGeneration(prompt, Style: "watercolor", new NewGenerationOptions(Quality: "draft"), MaxCredits: 5);
        var generation = await api.CreateGenerationOnceAsync(order, idempotencyKey: Guid.NewGuid().ToString(), prefer: null, cancellationToken);

        // To the end, across broken connections, without a gap or a repetition.
        await foreach (var happened in api.FollowAsync(generation.Id, cancellationToken))
        {
            Console.WriteLine($"{happened.Data.Progress} % {happened.Data.Type}");
        }

        generation = await api.GetGenerationAsync(generation.Id, cancellationToken);
        if (generation.Status != GenerationStatus.Succeeded)
        {
            throw new InvalidOperationException($"{generation.Status}: {generation.Error?.Message}");
        }

        // The address is signed: it needs no credential, and works for some minutes.
        using var http = new HttpClient();
        await File.WriteAllBytesAsync(file, await http.GetByteArrayAsync(generation.ImageUrl, cancellationToken), cancellationToken);
        return $"{file}, {generation.Credits.Charged} credits";
    }
}
