using System.ComponentModel.DataAnnotations;

namespace PrintCraft.Worker.Mail;

/// <summary>How letters leave. With neither host nor folder they wait. Section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>A mail server (SMTP); wins over the folder.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>STARTTLS; without it a password would travel in the clear.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>Where letters are laid down as .eml files instead, for development and tests; a full path.</summary>
    public string? Folder { get; set; }

    /// <summary>The sender.</summary>
    [Required]
    public string From { get; set; } = "PrintCraft <no-reply@printcraft.localhost>";

    /// <summary>How often due letters are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the server may take for one letter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>When a letter that did not leave is tried again for the first time; then after twice as long, and so on. Longer than a try may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time between two tries.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tries after which a letter is given up.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 12;
}
