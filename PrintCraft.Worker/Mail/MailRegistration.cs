using System.Net.Mail;

namespace PrintCraft.Worker.Mail;

internal static class MailRegistration
{
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MailOptions>()
            .BindConfiguration(MailOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => MailAddress.TryCreate(options.From, out _), "Mail:From must be an e-mail address, as \"PrintCraft <no-reply@example.com>\".")
            .Validate(options => options.Folder is null or "" || Path.IsPathFullyQualified(options.Folder), "Mail:Folder must be a full path.")
            .Validate(options => options.SendTimeout < options.RetryFirst, "Mail:SendTimeout must be shorter than Mail:RetryFirst: a letter is not to be sent by two at once.")
            .Validate(options => options.RetryFirst <= options.RetryMax, "Mail:RetryFirst must not be longer than Mail:RetryMax.")
            .ValidateOnStart();
        builder.Services.AddSingleton<PostOffice>();
        builder.Services.AddHostedService<SendLetters>();
        return builder;
    }
}
