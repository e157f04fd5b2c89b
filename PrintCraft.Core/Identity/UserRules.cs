using PrintCraft.Core.Generations;

namespace PrintCraft.Core.Identity;

/// <summary>What users may call themselves and their things.</summary>
public static class UserRules
{
    public const int MaxNameLength = 100;

    /// <summary>1 to 100 characters of text on one line, without space around it.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength && text.Trim().Length == text.Length && !text.Any(char.IsControl);

    /// <summary>What is wrong with names that may be left out.</summary>
    public static List<FieldError> WrongNames(params ReadOnlySpan<(string Field, string? Text)> names)
    {
        var errors = new List<FieldError>();
        foreach (var (field, text) in names)
        {
            if (text is not null && !IsName(text))
            {
                errors.Add(new FieldError(field, $"must be 1 to {MaxNameLength} characters on one line, without space around"));
            }
        }

        return errors;
    }
}
