using System.Security.Cryptography;

using static PrintCraft.AppHost.Commands.DevelopmentCommand;

namespace PrintCraft.AppHost.Commands;

/// <summary>What the API is asked to do, as one of its users.</summary>
internal static class ApiCommands
{
    /// <param name="isPaid">Whether images are made by the real Replicate.</param>
    public static IResourceBuilder<ProjectResource> WithApiCommands(this IResourceBuilder<ProjectResource> api, DevelopmentUsers users, bool isPaid)
    {
        var question = isPaid ? "Replicate makes these images and asks for money. Go on?" : null;
        return api
            .WithDevelopmentCommand(
                "seed-demo-data",
                "Seed demo data",
                new() { Description = $"Has {DemoData.Count} designs in all styles made for user {DemoData.User}; those that are there stay.", IconName = "ImageMultiple", ConfirmationMessage = question },
                (context, cancellationToken) => DemoData.SeedAsync(users, context.Logger, cancellationToken))
            .WithDevelopmentCommand(
                "generate-sample-design",
                "Generate sample design",
                new() { Description = $"Has a design made for user {SampleDesign.User} and shows where it lies, and its trace.", IconName = "ImageAdd", ConfirmationMessage = question },
                (context, cancellationToken) => SampleDesign.MakeAsync(users, context, cancellationToken))
            .WithDevelopmentCommand(
                "mint-development-token",
                "Mint development token",
                new() { Description = "Makes the credential of a new user, good for this run.", IconName = "KeyMultiple" },
                (_, cancellationToken) => MintAsync(users, cancellationToken))
            .WithDevelopmentCommand(
                "replay-dead-letters",
                "Replay dead letters",
                new() { Description = "Gives messages that no worker could take another chance.", IconName = "MailArrowUp" },
                (_, cancellationToken) => ReplayAsync(users, cancellationToken));
    }

    private static async Task<ExecuteCommandResult> MintAsync(DevelopmentUsers users, CancellationToken cancellationToken)
    {
        var name = $"visitor-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var credential = await users.CredentialAsync(name, cancellationToken);
        return Done($"""
            {credential}

            User {name}, for this run, with the welcome credits from the first call on:

            curl -s {users.Address}/api/v1/users/me -H 'Authorization: Bearer {credential}'
            """);
    }

    private static async Task<ExecuteCommandResult> ReplayAsync(DevelopmentUsers users, CancellationToken cancellationToken)
    {
        var answer = await (await users.ApiOfAsync(DevelopmentUsers.Admin, cancellationToken)).ReplayDeadLettersAsync(cancellationToken);
        var counts = $"{answer.Replayed} of {answer.Data.Count} dead letters were replayed";
        return answer.Data.Count == 0 ? Done("There are no dead letters.")
            : answer.Refused == 0 ? Done($"{counts}.")
            : CommandResults.Failure($"{counts}. The others say: {string.Join(", ", answer.Data.Select(letter => letter.Reason).OfType<string>().Distinct())}. Grant credits "
                + "where they lack (POST /api/v1/admin/credits/grants); what nobody could read once nobody will.");
    }
}
