using Microsoft.Extensions.Options;

using PrintCraft.Core.Data;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Mail;

namespace PrintCraft.Api.Identity;

/// <summary>
/// Writes the letters of local accounts into the context; the caller saves them with what they are about. Nothing that a user typed but the address is in
/// them: whoever registers somebody else's must not choose the words. ASCII only, so that they lie readable in a folder.
/// </summary>
internal sealed class AccountLetters(PrintCraftDb db, IOptions<AccountOptions> options)
{
    public void WriteVerification(User user, string code, DateTimeOffset now) => Write(user.Email!, "Verify your e-mail address", now, $"""
        Somebody, hopefully you, opened a PrintCraft account with this address.
        To verify it, use this code within {Span(options.Value.VerificationLifetime)}:

        {code}

        {Link("verify-email", user.Email!, code)}If it was not you, ignore this letter: without the code nothing happens.
        """);

    public void WriteReset(User user, string code, DateTimeOffset now) => Write(user.Email!, "Reset your password", now, $"""
        Somebody, hopefully you, asked for a new password of the PrintCraft account with this address.
        To choose one, use this code within {Span(options.Value.ResetLifetime)}, once:

        {code}

        {Link("reset-password", user.Email!, code)}If it was not you, ignore this letter: your password stays as it is.
        """);

    /// <summary>A letter to nobody, never due: where there is no account, the same is written, so that the time tells nothing.</summary>
    public void WriteToNobody(DateTimeOffset now) => db.Letters.Add(new Letter { Id = Guid.CreateVersion7(now), Recipient = "", Subject = "", CreatedAt = now });

    private void Write(string recipient, string subject, DateTimeOffset now, string body) => db.Letters.Add(
        new Letter { Id = Guid.CreateVersion7(now), Recipient = recipient, Subject = subject, Body = body, CreatedAt = now, DueAt = now });

    private string Link(string page, string email, string code) => options.Value.LinkBase is { } home
        ? $"Or open {home.ToString().TrimEnd('/')}/{page}?email={Uri.EscapeDataString(email)}&token={Uri.EscapeDataString(code)}\n\n"
        : "";

    private static string Span(TimeSpan span) => span >= TimeSpan.FromHours(2) ? $"{span.TotalHours:0} hours" : $"{span.TotalMinutes:0} minutes";
}
