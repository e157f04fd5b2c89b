namespace PrintCraft.Cli.Output;

/// <summary>Text of others (prompts, names, messages), made harmless for a terminal: a control character there is a command.</summary>
internal static class PlainText
{
    public static string Of(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;

    /// <summary>At most so many characters, with an ellipsis where something was left out.</summary>
    public static string Short(string text, int length) => text.Length <= length ? text : $"{text[..(length - 1)].TrimEnd()}…";
}
