using PrintCraft.Core.Generations;

namespace PrintCraft.Api.Paging;

/// <summary>A numbered page of a small list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, PagePagination Pagination);

/// <param name="Number">From 1.</param>
/// <param name="Total">Of all pages together.</param>
public sealed record PagePagination(
    [property: System.Text.Json.Serialization.JsonPropertyName("page")] int Number, int PerPage, int Total, int TotalPages, bool HasNext, bool HasPrev)
{
    private const int MaxPerPage = 100;

    /// <summary>What is wrong with what was asked for.</summary>
    internal static List<FieldError> Check(int page, int perPage)
    {
        var errors = new List<FieldError>();
        if (page is < 1 or > int.MaxValue / MaxPerPage)
        {
            errors.Add(new FieldError("page", "must be 1 or more"));
        }

        if (perPage is < 1 or > MaxPerPage)
        {
            errors.Add(new FieldError("perPage", $"must be from 1 to {MaxPerPage}"));
        }

        return errors;
    }

    public static PagePagination Of(int number, int perPage, int total)
    {
        var pages = (total + perPage - 1) / perPage;
        return new PagePagination(number, perPage, total, pages, number < pages, number > 1);
    }
}
