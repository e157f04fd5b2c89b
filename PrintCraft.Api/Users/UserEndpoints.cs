using PrintCraft.Api.Caching;
using PrintCraft.Api.Documentation;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Users;

internal static class UserEndpoints
{
    private const string Defaults = "What an app proposes to the user, and what he wants to be told. An order that names no style or quality does not look here: its price would change unseen.";

    public static WebApplicationBuilder AddUsers(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<Profiles>();
        builder.Services.AddCacheRegion(Profiles.Region);
        builder.Services.AddScoped<Preferences>();
        return builder;
    }

    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/users").WithTags("Users");
        MapProfiles(group);
        MapPreferences(group);
        return routes;
    }

    private static void MapProfiles(RouteGroupBuilder group)
    {
        group.MapGet("/me", ReadUser.HandleMineAsync)
            .WithName("getMe")
            .WithSummary("Read who you are")
            .WithDescription("Your profile, and what the credential that you sent lets you do.")
            .WithExample(answer: UserExamples.Me)
            .HasETag();

        group.MapPut("/me", UpdateUser.HandleMineAsync)
            .WithName("updateMe")
            .WithSummary("Change your names")
            .WithDescription("What is left out is removed.")
            .WithExample(UserExamples.Names, UserExamples.Profile)
            .TakesIfMatch();

        group.MapGet("/{id:guid}", ReadUser.HandleAsync)
            .WithName("getUser")
            .WithSummary("Read a user")
            .WithDescription("Yourself; anybody with the role support or admin.")
            .WithExample(answer: UserExamples.Profile)
            .HasETag()
            .Fails(ProblemCode.NotFound);

        group.MapPut("/{id:guid}", UpdateUser.HandleAsync)
            .WithName("updateUser")
            .WithSummary("Change a user's names")
            .WithDescription("Your own; anybody's with the role admin. What is left out is removed.")
            .WithExample(UserExamples.Names, UserExamples.Profile)
            .TakesIfMatch()
            .Fails(ProblemCode.NotFound);
    }

    private static void MapPreferences(RouteGroupBuilder group)
    {
        group.MapGet("/me/preferences", Preferences.ReadMineAsync)
            .WithName("getMyPreferences")
            .WithSummary("Read your preferences")
            .WithDescription(Defaults)
            .WithExample(answer: UserExamples.Preferences)
            .HasETag();

        group.MapPut("/me/preferences", Preferences.UpdateMineAsync)
            .WithName("updateMyPreferences")
            .WithSummary("Replace your preferences")
            .WithDescription("What is left out is as in the beginning.")
            .WithExample(UserExamples.NewPreferences, UserExamples.Preferences)
            .TakesIfMatch();

        group.MapGet("/{id:guid}/preferences", Preferences.ReadAsync)
            .WithName("getPreferences")
            .WithSummary("Read a user's preferences")
            .WithDescription("Your own; anybody's with the role admin. " + Defaults)
            .WithExample(answer: UserExamples.Preferences)
            .HasETag()
            .Fails(ProblemCode.NotFound);

        group.MapPut("/{id:guid}/preferences", Preferences.UpdateAsync)
            .WithName("updatePreferences")
            .WithSummary("Replace a user's preferences")
            .WithDescription("Your own; anybody's with the role admin. What is left out is as in the beginning.")
            .WithExample(UserExamples.NewPreferences, UserExamples.Preferences)
            .TakesIfMatch()
            .Fails(ProblemCode.NotFound);
    }

    /// <summary>For support.</summary>
    public static IEndpointRouteBuilder MapUserList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/users", ListUsers.HandleAsync)
            .WithName("listUsers")
            .WithSummary("List users, newest first")
            .WithDescription("Needs the role support or admin.")
            .WithExample(answer: UserExamples.Page);
        return routes;
    }

    /// <summary>For administrators.</summary>
    public static IEndpointRouteBuilder MapUserAdministration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/users/{id:guid}");

        group.MapPut("/role", AdministerUser.SetRoleAsync)
            .WithName("setRole")
            .WithSummary("Give a user a role")
            .WithDescription("Takes effect within a minute. Firebase and development credentials bring a role of their own; it holds for them.")
            .WithExample(UserExamples.Role, UserExamples.Profile)
            .TakesIfMatch()
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapPost("/disable", AdministerUser.DisableAsync)
            .WithName("disableUser")
            .WithSummary("Let a user in no more")
            .WithDescription("Ends his sessions; within a minute no credential of his is taken. Jobs that run end as they would.")
            .WithExample(answer: UserExamples.Disabled)
            .TakesIfMatch()
            .Fails(ProblemCode.NotFound, ProblemCode.Conflict);

        group.MapPost("/enable", AdministerUser.EnableAsync)
            .WithName("enableUser")
            .WithSummary("Let a user in again")
            .WithDescription("His API keys work again; he signs in anew.")
            .WithExample(answer: UserExamples.Profile)
            .TakesIfMatch()
            .Fails(ProblemCode.NotFound);
        return routes;
    }
}
