namespace PrintCraft.Api.Paging;

/// <summary>A numbered page of a small list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, PagePagination Pagination);

/// <param name="Number">From 1.</param>
/// <param name="Total">Of all pages together.</param>
public sealed record PagePagination(
    [property: System.Text.Json.Serialization.JsonPropertyName("page")] int Number, int PerPage, int Total, int TotalPages, bool HasNext, bool HasPrev)
{
    public static PagePagination Of(int number, int perPage, int total)
    {
        var pages = (total + perPage - 1) / perPage;
        return new PagePagination(number, perPage, total, pages, number < pages, number > 1);
    }
}
