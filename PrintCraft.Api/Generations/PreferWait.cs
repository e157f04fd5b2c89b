using System.Globalization;

using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

using PrintCraft.Api.Events;
using PrintCraft.Api.Idempotency;
using PrintCraft.Api.Identity;
using PrintCraft.Api.RateLimits;
using PrintCraft.Core.Data;

namespace PrintCraft.Api.Generations;

/// <summary>
/// <c>Prefer: wait=N</c> (RFC 7240, 4.3): holds the answer until the job has ended, at most N seconds, and then shows it as it is. A preference that
/// cannot be read is ignored, as the RFC asks.
/// </summary>
internal sealed class PreferWait(IHttpContextAccessor accessor, CurrentUser user, PrintCraftDb db, GenerationDesk desk, FinalWatch finals, IOptions<JsonOptions> json)
{
    private const int MaxSeconds = 60;

    /// <summary>Waits, if the caller prefers that and the answer is a new generation. Comes after the commit and its announcement.</summary>
    public async Task<IResult> ApplyAsync(Answer answer, CancellationToken cancellationToken)
    {
        var http = accessor.HttpContext!;
        if (answer.Status != StatusCodes.Status201Created
            || SecondsOf(http.Request.Headers["Prefer"]) is not { } seconds
            || !Guid.TryParse(answer.Location?.Split('/')[^1], out var id))
        {
            return answer;
        }

        // A request that waits holds neither a place nor a connection.
        http.GiveBackPlace();
        await db.CloseAsync();
        await finals.WaitAsync(id, TimeSpan.FromSeconds(seconds), cancellationToken);
        http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}");
        var generation = await db.Generations
            .AsNoTracking()
            .Include(generation => generation.Images)
            .SingleOrDefaultAsync(generation => generation.Id == id && generation.UserId == user.Id && generation.HiddenAt == null, cancellationToken);
        return generation is null ? answer : answer.With(desk.Show(generation), json.Value.SerializerOptions);
    }

    /// <summary>The first <c>wait</c> among the preferences, 1 to 60 seconds; null when there is none that can be read.</summary>
    internal static int? SecondsOf(StringValues header)
    {
        foreach (var preference in header.SelectMany(line => (line ?? "").Split(',')))
        {
            var parts = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                var word = parts.Length == 2 && parts[1] is ['"', .. var quoted, '"'] ? quoted : parts[^1];
                return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? Math.Min(seconds, MaxSeconds) : null;
            }
        }

        return null;
    }
}
