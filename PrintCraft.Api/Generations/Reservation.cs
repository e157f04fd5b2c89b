namespace PrintCraft.Api.Generations;

/// <summary>What the backlog says to jobs that want in.</summary>
public enum Reservation
{
    Taken,

    /// <summary>Too many jobs are open.</summary>
    Full,

    /// <summary>Too many of them are this user's.</summary>
    UserIsFull,
}
