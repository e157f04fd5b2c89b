namespace Aspire.Hosting;

/// <summary>The application cannot start or go on; the message is one line that says what a person can do.</summary>
public class DistributedApplicationException : Exception
{
    /// <inheritdoc cref="DistributedApplicationException"/>
    public DistributedApplicationException(string message) : base(message)
    {
    }

    /// <inheritdoc cref="DistributedApplicationException"/>
    public DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}
