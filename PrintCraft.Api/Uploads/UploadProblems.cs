using Microsoft.AspNetCore.Http.HttpResults;

using PrintCraft.Api.Problems;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Images;

namespace PrintCraft.Api.Uploads;

/// <summary>What can be wrong with an upload.</summary>
internal static class UploadProblems
{
    public static ProblemHttpResult NotFound => Problem.Because(ProblemCode.NotFound, "There is no such upload.");

    public static ProblemHttpResult WrongType => Problem.Because(ProblemCode.UnsupportedMediaType, $"Send the file as {PictureFormats.Rule}, or in a form as multipart/form-data.");

    public static ProblemHttpResult BrokenForm => Unusable("is not in the form, or the form is cut short");

    public static ProblemHttpResult TooMany(UploadOptions options) =>
        Problem.Because(ProblemCode.Conflict, $"You have {options.MaxPerUser} uploads: delete one first, or wait until one expires.");

    public static ProblemHttpResult Unusable(string problem) => Problem.Because(ProblemCode.InvalidRequest, "The file cannot be used.", [new FieldError("file", problem)]);

    /// <summary>Null when its size and type are as they should be.</summary>
    /// <param name="type">As the caller says.</param>
    public static ProblemHttpResult? Of(ReceivedFile file, string? type, long max) =>
        file.Flaw == FileFlaw.Cut ? BrokenForm
        : file.Flaw == FileFlaw.TooLarge ? Problem.Because(ProblemCode.PayloadTooLarge, $"The file is larger than {max} bytes.")
        : file.Format is not { } format || PictureFormats.Named(type) != format ? Problem.Because(
            ProblemCode.UnsupportedMediaType, $"The file is not {(PictureFormats.Named(type) is { } named ? named.ContentType() : PictureFormats.Rule)}, by its first bytes.")
        : null;
}
