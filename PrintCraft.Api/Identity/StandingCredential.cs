using Microsoft.Extensions.Options;

using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Identity;

/// <summary>
/// The credential of a request that stays open for long: it is asked for again as often as one of short requests would be, so that a stream ends with
/// the credential that opened it.
/// </summary>
internal sealed class StandingCredential(Callers callers, IOptions<IdentityOptions> options, TimeProvider time)
{
    private long _asked = time.GetTimestamp();

    /// <summary>False once it is good no more. While nobody can say, it is.</summary>
    public async ValueTask<bool> StandsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_asked) < options.Value.Memory || BearerAuthentication.CredentialOf(http.Request) is not { } credential)
        {
            return true;
        }

        _asked = time.GetTimestamp();
        try
        {
            return await callers.RecogniseAsync(credential, cancellationToken) is not null;
        }
        catch (Exception exception) when (ProblemRegistration.IsPassing(exception))
        {
            return true;
        }
    }
}
