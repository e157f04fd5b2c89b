using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Identity;
using PrintCraft.Api.Problems;

namespace PrintCraft.Api.Generations;

internal static class ReadGeneration
{
    public static async Task<Results<PreparedJson<GenerationResource>, ProblemHttpResult>> HandleAsync(
        Guid id, CurrentUser user, GenerationAnswers answers, HttpRequest request, CancellationToken cancellationToken) =>
        await answers.OneAsync(user.Id, id, request, cancellationToken) is { } answer ? answer : Problem.Because(ProblemCode.NotFound, "There is no such generation.");
}
