using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Images;
using PrintCraft.Core.Invariants;
using PrintCraft.ServiceDefaults;

namespace PrintCraft.Worker.Reconciliation;

/// <summary>`PrintCraft.Worker check-invariants`: 0 when everything holds, 1 with one line per break, 2 when it could not look.</summary>
internal static class CheckInvariantsCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings => settings.DisableRetry = true);
        builder.Services.AddOptions<ImageStoreOptions>().BindConfiguration(ImageStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ImageStore>();
        await using var host = builder.Build();
        if (!host.HasValidSettings())
        {
            return 2;
        }

        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<PrintCraftDb>();
            var breaks = await InvariantCheck.RunAsync(db, host.Services.GetRequiredService<ImageStore>(), since: null, CancellationToken.None);
            foreach (var found in breaks)
            {
                Console.WriteLine(found);
            }

            Console.WriteLine(breaks.Count == 0 ? "Every invariant holds." : $"{breaks.Count} breaks.");
            return breaks.Count == 0 ? 0 : 1;
        }
        catch (Exception exception) when (exception is NpgsqlException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"The invariants cannot be checked: {exception.Message}. Check ConnectionStrings:printcraftdb and that Postgres runs.");
            return 2;
        }
    }
}
