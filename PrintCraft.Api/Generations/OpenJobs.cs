namespace PrintCraft.Api.Generations;

/// <summary>The open jobs at one moment.</summary>
/// <param name="Count">All that are not final.</param>
/// <param name="Pending">When those were accepted that no worker has yet, oldest first.</param>
internal sealed record OpenJobs(int Count, DateTimeOffset[] Pending)
{
    public static readonly OpenJobs None = new(0, []);

    /// <summary>How many were waiting that are older than this.</summary>
    public int WaitingBefore(DateTimeOffset createdAt)
    {
        var place = Array.BinarySearch(Pending, createdAt);
        if (place < 0)
        {
            return ~place;
        }

        while (place > 0 && Pending[place - 1] == createdAt)
        {
            place--;
        }

        return place;
    }
}
