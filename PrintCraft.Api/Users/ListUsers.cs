using System.ComponentModel;

using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

using PrintCraft.Api.Paging;
using PrintCraft.Api.Problems;
using PrintCraft.Core.Data;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Api.Users;

/// <summary>Everybody, for those who help.</summary>
internal static class ListUsers
{
    private static readonly Dictionary<string, Func<IQueryable<User>, IOrderedQueryable<User>>> Orders = new()
    {
        ["-createdAt"] = users => users.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => user.Id),
        ["createdAt"] = users => users.OrderBy(user => user.CreatedAt).ThenBy(user => user.Id),
        ["name"] = users => users.OrderBy(user => user.Name).ThenBy(user => user.Id),
        ["-name"] = users => users.OrderByDescending(user => user.Name).ThenByDescending(user => user.Id),
    };

    public static async Task<Results<Ok<Page<ProfileResource>>, ProblemHttpResult>> HandleAsync(
        PrintCraftDb db,
        CancellationToken cancellationToken,
        int page = 1,
        int perPage = 20,
        [Description("A part of the name or e-mail address, or the whole id; 1 to 100 characters.")] string? q = null,
        [Description("user, creator, support or admin.")] string? role = null,
        [Description("createdAt or name; with - in front the other way round.")] string sort = "-createdAt")
    {
        var errors = PagePagination.Check(page, perPage);
        Check(q is null || UserRules.IsName(q), "q", $"must be 1 to {UserRules.MaxNameLength} characters on one line, without space around");
        Check(role is null || Roles.All.Contains(role), "role", $"must be one of {string.Join(", ", Roles.All)}");
        Check(Orders.ContainsKey(sort), "sort", $"must be one of {string.Join(", ", Orders.Keys)}");
        if (errors.Count > 0)
        {
            return Problem.Because(ProblemCode.InvalidRequest, "Some fields are not valid.", errors);
        }

        var users = Matching(db.Users.AsNoTracking(), q, role);
        var total = await users.CountAsync(cancellationToken);
        var data = await Orders[sort](users).Skip((page - 1) * perPage).Take(perPage).Select(ProfileResource.Of).ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<ProfileResource>(data, PagePagination.Of(page, perPage, total)));

        void Check(bool holds, string field, string message)
        {
            if (!holds)
            {
                errors.Add(new FieldError(field, message));
            }
        }
    }

    private static IQueryable<User> Matching(IQueryable<User> users, string? q, string? role)
    {
        users = role is null ? users : users.Where(user => user.Role == role);
        if (q is null)
        {
            return users;
        }

        if (Guid.TryParseExact(q, "D", out var id))
        {
            return users.Where(user => user.Id == id);
        }

        var part = $"%{q.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        return users.Where(user => EF.Functions.ILike(user.Name, part, @"\") || EF.Functions.ILike(user.Email!, part, @"\"));
    }
}
