using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

using Microsoft.Extensions.Options;

namespace PrintCraft.Worker.Mail;

/// <summary>Where letters are handed in: a mail server, or a folder that gets them as .eml files.</summary>
internal sealed class PostOffice(IOptions<MailOptions> options)
{
    private readonly MailOptions _options = options.Value;

    public bool IsOpen => _options.Host is { Length: > 0 } || _options.Folder is { Length: > 0 };

    /// <summary>The same letter always has the same Message-ID, by which a mailbox can tell that it came twice.</summary>
    public MailMessage Message(Guid id, string recipient, string subject, string body)
    {
        var message = new MailMessage(_options.From, recipient, subject, body) { BodyEncoding = Encoding.UTF8, BodyTransferEncoding = Ascii.IsValid(body) ? TransferEncoding.SevenBit : TransferEncoding.Base64 };
        message.Headers.Add("Message-ID", $"<{id}@{message.From!.Host}>");
        return message;
    }

    /// <exception cref="SmtpException">It was not taken.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task SendAsync(MailMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.SendTimeout);
        using var client = Open();
        await client.SendMailAsync(message, limit.Token);
    }

    private SmtpClient Open()
    {
        if (_options.Host is { Length: > 0 } host)
        {
            return new SmtpClient(host, _options.Port)
            {
                EnableSsl = _options.Tls,
                Credentials = _options.User is { Length: > 0 } user ? new NetworkCredential(user, _options.Password) : null,
            };
        }

        return new SmtpClient { DeliveryMethod = SmtpDeliveryMethod.SpecifiedPickupDirectory, PickupDirectoryLocation = Directory.CreateDirectory(_options.Folder!).FullName };
    }
}
