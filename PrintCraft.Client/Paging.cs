namespace PrintCraft.Client;

/// <summary>A page of a feed.</summary>
public sealed record Feed<T>(IReadOnlyList<T> Data, FeedPagination Pagination);

public sealed record FeedPagination(int Limit, bool HasMore, string? NextCursor);

/// <summary>A numbered page of a small list.</summary>
public sealed record Page<T>(IReadOnlyList<T> Data, PagePagination Pagination);

public sealed record PagePagination(int Page, int PerPage, int Total, int TotalPages, bool HasNext, bool HasPrev);
