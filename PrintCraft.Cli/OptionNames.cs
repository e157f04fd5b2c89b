namespace PrintCraft.Cli;

/// <summary>What a field of the API is called on the command line.</summary>
internal static class OptionNames
{
    /// <summary>The option, or the field itself where there is none.</summary>
    public static string Of(string field) => field switch
    {
        "prompt" => "the prompt",
        "style" or "status" or "limit" or "cursor" or "name" or "q" => $"--{field}",
        "negativePrompt" => "--negative-prompt",
        "maxCredits" => "--max-credits",
        "scopes" => "--scope",
        "expiresAt" => "--expires",
        "options.quality" or "options.width" or "options.height" or "options.count" or "options.seed" => $"--{field["options.".Length..]}",
        "Idempotency-Key" => "--idempotency-key",
        _ => field,
    };
}
