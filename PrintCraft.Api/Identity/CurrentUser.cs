using System.Security.Claims;

namespace PrintCraft.Api.Identity;

/// <summary>Who is calling: the one thing that endpoints know of authentication.</summary>
public sealed class CurrentUser(IHttpContextAccessor accessor)
{
    public Guid Id => Guid.Parse(Claim(ClaimTypes.NameIdentifier));

    private string Claim(string type) =>
        accessor.HttpContext?.User.FindFirstValue(type) ?? throw new InvalidOperationException("No caller: is the endpoint behind RequireAuthorization?");
}
