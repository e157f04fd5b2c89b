using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;
using PrintCraft.ServiceDefaults;

namespace PrintCraft.Worker.Commands;

/// <summary>What a verb needs: settings, the database, the store. Nothing is logged; what a verb has to say it prints.</summary>
internal static class CommandHost
{
    /// <summary>Could not look: settings are missing, or the database does not answer.</summary>
    public const int NotPossible = 2;

    /// <summary>Runs a verb that destroys: where people build PrintCraft, never where it serves anybody.</summary>
    public static Task<int> RunForDevelopersAsync(string[] args, string verb, Func<PrintCraftDb, IServiceProvider, Task<int>> work) => RunAsync(args, async (db, services) =>
    {
        var environment = services.GetRequiredService<IHostEnvironment>();
        if (environment.IsDevelopment() || environment.IsEnvironment("Testing"))
        {
            return await work(db, services);
        }

        await Console.Error.WriteLineAsync($"{verb} works in Development and Testing only; this is {environment.EnvironmentName} (ASPNETCORE_ENVIRONMENT).");
        return NotPossible;
    });

    /// <summary>Runs the verb and answers its exit code; <see cref="NotPossible"/> after one line when it cannot run.</summary>
    public static async Task<int> RunAsync(string[] args, Func<PrintCraftDb, IServiceProvider, Task<int>> work)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.ClearProviders();
        builder.AddNpgsqlDbContext<PrintCraftDb>(PrintCraftDb.ConnectionName, settings => settings.DisableRetry = true);
        builder.Services.AddOptions<ModelCatalog>().BindConfiguration(ModelCatalog.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<GenerationPolicy>().BindConfiguration(GenerationPolicy.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ImageStoreOptions>().BindConfiguration(ImageStoreOptions.Section);
        builder.Services.AddSingleton<ImageStore>();
        builder.Services.AddSingleton(TimeProvider.System);
        await using var host = builder.Build();
        if (!host.HasValidSettings())
        {
            return NotPossible;
        }

        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            return await work(scope.ServiceProvider.GetRequiredService<PrintCraftDb>(), scope.ServiceProvider);
        }
        catch (Exception exception) when (exception.GetBaseException() is NpgsqlException or System.Net.Sockets.SocketException)
        {
            await Console.Error.WriteLineAsync($"The database does not answer: {exception.GetBaseException().Message}. Check ConnectionStrings:printcraftdb and that Postgres runs.");
            return NotPossible;
        }
    }

    /// <summary>The images; null, after one line, when nobody said where they lie.</summary>
    public static ImageStore? FindStore(IServiceProvider services)
    {
        if (services.GetRequiredService<IOptions<ImageStoreOptions>>().Value.Folder.Length > 0)
        {
            return services.GetRequiredService<ImageStore>();
        }

        Console.Error.WriteLine("Images:Folder is missing: set it to the folder that the API and the workers share.");
        return null;
    }
}
