namespace Aspire.Hosting;

/// <summary>The application cannot start or go on; the message is one line that says what a person can do.</summary>
public class DistributedApplicationException : Exception
{
    internal DistributedApplicationException(string message) : base(message)
    {
    }

    internal DistributedApplicationException(string message, Exception inner) : base(message, inner)
    {
    }
}
