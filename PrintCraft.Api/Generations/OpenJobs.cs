namespace PrintCraft.Api.Generations;

/// <summary>The open jobs at one moment.</summary>
/// <param name="Count">All that are not final.</param>
/// <param name="Pending">When those were accepted that no worker has yet, oldest first.</param>
/// <param name="Owners">Whose each of all is.</param>
internal sealed record OpenJobs(int Count, DateTimeOffset[] Pending, Guid[] Owners)
{
    public static readonly OpenJobs None = new(0, [], []);

    private readonly Dictionary<Guid, int> _byOwner = Owners.CountBy(owner => owner).ToDictionary();

    public int Of(Guid userId) => _byOwner.GetValueOrDefault(userId);

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
