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
    private volatile bool _hasFallen;

    /// <summary>False once it is good no more, and from then on for everybody who asks. While nobody can say, it is.</summary>
    public async ValueTask<bool> StandsAsync(HttpContext http, CancellationToken cancellationToken)
    {
        if (_hasFallen)
        {
            return false;
        }

        if (time.GetElapsedTime(_asked) < options.Value.Memory || BearerAuthentication.CredentialOf(http.Request) is not { } credential)
        {
            return true;
        }

        _asked = time.GetTimestamp();
        try
        {
            _hasFallen = await callers.RecogniseAsync(credential, cancellationToken) is null;
            return !_hasFallen;
        }
        catch (Exception exception) when (ProblemRegistration.IsPassing(exception))
        {
            return true;
        }
    }
}
