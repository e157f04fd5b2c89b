using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PrintCraft.ServiceDefaults;

/// <summary>Wrong or missing settings end a process before it starts anything, with one line for each instead of a stack trace.</summary>
public static class SettingsCheck
{
    /// <summary>Whether every options class with <c>ValidateOnStart</c> is valid; what is wrong goes to standard error.</summary>
    public static bool HasValidSettings(this IHost host)
    {
        try
        {
            host.Services.GetService<IStartupValidator>()?.Validate();
            return true;
        }
        catch (Exception exception) when (Failures(exception) is { } failures)
        {
            failures.ForEach(Console.Error.WriteLine);
            return false;
        }
    }

    /// <summary>Null for an exception that is a bug and no wrong setting.</summary>
    private static List<string>? Failures(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several when several.InnerExceptions.All(one => one is OptionsValidationException) =>
            [.. several.InnerExceptions.SelectMany(one => ((OptionsValidationException)one).Failures)],
        _ => null,
    };
}
