using System.ComponentModel;
using System.Globalization;

using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Generations;

/// <summary>Which generations a list shows; those that every filter lets through. Where several values are taken: repeated, or with commas between.</summary>
internal sealed record GenerationFilter(
    [property: FromQuery(Name = "status"), Description("Only in one of these states.")] string[]? Status,
    [property: FromQuery(Name = "style"), Description("Only in one of these styles.")] string[]? Style,
    [property: FromQuery(Name = "quality"), Description("Only of one of these qualities.")] string[]? Quality,
    [property: FromQuery(Name = "createdAfter"), Description("Only those ordered later than this moment (RFC 3339).")] string? CreatedAfter,
    [property: FromQuery(Name = "createdBefore"), Description("Only those ordered before this moment (RFC 3339).")] string? CreatedBefore,
    [property: FromQuery(Name = "q"), Description("Only those whose prompt has these words, in any of their forms. Also: \"a phrase\", or, -without.")] string? Q)
{
    public const int MaxSearchLength = 200;

    private static readonly string[] Rfc3339 = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>What to add to a query; or what is wrong with each field.</summary>
    public bool TryRead(out GenerationConditions conditions, out IReadOnlyList<FieldError> errors)
    {
        var found = new List<FieldError>();
        conditions = new GenerationConditions(
            Named<GenerationStatus>(Status, "status"),
            OneOf(Style, Styles.Names, "style"),
            Named<Quality>(Quality, "quality"),
            Moment(CreatedAfter, "createdAfter"),
            Moment(CreatedBefore, "createdBefore"),
            Text(Q));
        errors = found;
        return found.Count == 0;

        TEnum[] Named<TEnum>(string[]? values, string field)
            where TEnum : struct, Enum => [.. OneOf(values, [.. Enum.GetNames<TEnum>().Select(name => name.ToLowerInvariant())], field).Select(name => Enum.Parse<TEnum>(name, ignoreCase: true))];

        string[] OneOf(string[]? values, IReadOnlyList<string> names, string field)
        {
            string[] wanted = [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Distinct()];
            if (wanted.Except(names).Any())
            {
                found.Add(new FieldError(field, $"must be one or more of {string.Join(", ", names)}"));
                return [];
            }

            return wanted;
        }

        DateTimeOffset? Moment(string? text, string field)
        {
            // A moment without an offset would be read as the server's local time.
            if (text is null)
            {
                return null;
            }

            if (DateTimeOffset.TryParseExact(text, Rfc3339, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment) && (text[^1] == 'Z' || text[^6] is '+' or '-'))
            {
                return moment.ToUniversalTime();
            }

            found.Add(new FieldError(field, "must be a moment as 2026-11-21T12:00:00Z (in an address + is %2B)"));
            return null;
        }

        string? Text(string? text)
        {
            if (text is not null && (text.Trim().Length is 0 or > MaxSearchLength || text.Any(char.IsControl)))
            {
                found.Add(new FieldError("q", $"must be 1 to {MaxSearchLength} characters of text"));
            }

            return text?.Trim();
        }
    }
}

/// <summary>A filter that was read. Empty lists and nulls let everything through.</summary>
internal sealed record GenerationConditions(
    GenerationStatus[] Statuses, string[] Styles, Quality[] Qualities, DateTimeOffset? After, DateTimeOffset? Before, string? Search)
{
    /// <summary>English word forms, worked out as the query runs: an index would cost every order (docs/decisions/search.md).</summary>
    private const string Language = "english";

    /// <summary>Everything is let through.</summary>
    public bool IsNone => Statuses.Length == 0 && Styles.Length == 0 && Qualities.Length == 0 && After is null && Before is null && Search is null;

    /// <summary>The same for the same conditions, whatever their order.</summary>
    public string Name => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(',', Statuses.Order())}|{string.Join(',', Styles.Order(StringComparer.Ordinal))}|{string.Join(',', Qualities.Order())}|{After:O}|{Before:O}|{Search}");

    public IQueryable<Generation> Apply(IQueryable<Generation> query)
    {
        query = Statuses.Length == 0 ? query : query.Where(generation => Statuses.Contains(generation.Status));
        query = Styles.Length == 0 ? query : query.Where(generation => Styles.Contains(generation.Style));
        query = Qualities.Length == 0 ? query : query.Where(generation => Qualities.Contains(generation.Quality));
        query = After is null ? query : query.Where(generation => generation.CreatedAt > After);
        query = Before is null ? query : query.Where(generation => generation.CreatedAt < Before);
        return Search is null
            ? query
            : query.Where(generation => EF.Functions.ToTsVector(Language, generation.Prompt).Matches(EF.Functions.WebSearchToTsQuery(Language, Search)));
    }
}
