namespace PrintCraft.Api.Events;

/// <summary>An event as the hub sends it: the <c>data</c> of a streamed one, and what the stream says around it.</summary>
internal sealed record HubEvent : GenerationEventResource
{
    public HubEvent(GenerationEventResource told, string channel, long id)
        : base(told) => (Channel, Id) = (channel, id);

    /// <summary>By which subscription it comes: generation or user.</summary>
    public string Channel { get; }

    /// <summary>Its number in that channel: what to go on after.</summary>
    public long Id { get; }

    /// <summary>The client's method.</summary>
    public static string MethodOf(string type) => NameOf(type) switch
    {
        "job.completed" => "complete",
        "job.failed" => "failed",
        "job.canceled" => "canceled",
        _ => "progress",
    };
}

/// <summary>What became of a wish to follow something.</summary>
/// <param name="After">Events come from after this number on.</param>
/// <param name="More">False when the client has everything and nothing will come.</param>
internal sealed record HubSubscription(long After, bool More);
