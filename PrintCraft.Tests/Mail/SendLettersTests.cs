using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

using Npgsql;

using PrintCraft.Core.Mail;
using PrintCraft.Tests.Data;
using PrintCraft.Tests.Infrastructure;
using PrintCraft.Worker.Mail;

namespace PrintCraft.Tests.Mail;

/// <summary>A letter leaves once, comes back when it did not, and is forgotten either way.</summary>
public sealed class SendLettersTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("printcraft-mail-").FullName;
    private ScratchDatabase _scratch = null!;
    private NpgsqlDataSource _database = null!;

    public async Task InitializeAsync()
    {
        _scratch = await ScratchDatabase.CreateAsync();
        await _scratch.Db.Database.MigrateAsync();
        _database = NpgsqlDataSource.Create(_scratch.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _scratch.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_letter_is_sent_once_by_however_many_workers_and_its_body_forgotten()
    {
        await WriteAsync(Enumerable.Range(0, 40).Select(index => $"ana{index}@example.com"));

        await RunAsync(new MailOptions { Folder = _folder }, 3, "(SELECT count(*) FROM letters WHERE sent_at IS NOT NULL) = 40");

        var files = Directory.GetFiles(_folder).Select(File.ReadAllText).ToList();
        Assert.Equal(40, files.Count);
        Assert.Equal(["40|40"], await _scratch.Sql.ListAsync("SELECT count(*) FILTER (WHERE body IS NULL AND due_at IS NULL), sum(attempts) FROM letters"));
        var letter = Assert.Single(files, text => text.Contains("To: ana7@example.com", StringComparison.Ordinal));
        Assert.Contains("From: \"PrintCraft\" <no-reply@printcraft.localhost>", letter, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Subject: A subject", letter, StringComparison.Ordinal);
        Assert.Contains("The code is 123.", letter, StringComparison.Ordinal);
        Assert.Contains($"Message-ID: <{await _scratch.Sql.ScalarAsync<Guid>("SELECT id FROM letters WHERE recipient = 'ana7@example.com'")}@printcraft.localhost>", letter, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_letter_that_no_server_takes_is_tried_again_later_and_later_and_given_up_at_last()
    {
        await WriteAsync(["ana@example.com"]);
        var options = new MailOptions
        {
            Host = "127.0.0.1",
            Port = 1,
            PollInterval = TimeSpan.FromMilliseconds(50),
            RetryFirst = TimeSpan.FromMilliseconds(100),
            RetryMax = TimeSpan.FromMilliseconds(200),
            MaxAttempts = 3,
        };

        await RunAsync(options, 1, "(SELECT due_at IS NULL FROM letters)");

        Assert.Equal(["3|||"], await _scratch.Sql.ListAsync("SELECT attempts, sent_at, body, due_at FROM letters"));
    }

    [Fact]
    public async Task A_mail_server_gets_the_letter()
    {
        using var server = new MailServer();
        await WriteAsync(["ana@example.com"]);

        await RunAsync(new MailOptions { Host = "127.0.0.1", Port = server.Port, Tls = false, From = "Print <print@example.org>" }, 1, "(SELECT sent_at IS NOT NULL FROM letters)");

        Assert.Contains("MAIL FROM:<print@example.org>", server.Said);
        Assert.Contains("RCPT TO:<ana@example.com>", server.Said);
        Assert.Contains("The code is 123.", server.Said);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_pause_doubles_up_to_the_longest()
    {
        await WriteAsync(["not an address"]);
        var options = new MailOptions { Folder = _folder, RetryFirst = TimeSpan.FromMinutes(1), RetryMax = TimeSpan.FromMinutes(3) };

        var pauses = new List<string>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await _scratch.Sql.ExecuteAsync("UPDATE letters SET due_at = now()");
            await RunAsync(options, 1, $"(SELECT attempts = {attempt} FROM letters)");
            pauses.AddRange(await _scratch.Sql.ListAsync("SELECT ceil(extract(epoch FROM due_at - now()) / 60) FROM letters"));
        }

        Assert.Equal(["1", "2", "3"], pauses);
    }

    [Fact]
    public async Task One_that_cannot_be_sent_keeps_no_other_waiting()
    {
        await WriteAsync(["not an address", "ana@example.com"]);

        await RunAsync(new MailOptions { Folder = _folder }, 1, "(SELECT count(*) FROM letters WHERE sent_at IS NOT NULL) = 1");

        Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(["The code is 123.|1"], await _scratch.Sql.ListAsync("SELECT body, attempts FROM letters WHERE sent_at IS NULL"));
    }

    [Fact]
    public async Task Without_host_and_folder_letters_wait()
    {
        await WriteAsync(["ana@example.com"]);
        using var worker = Worker(new MailOptions());

        await worker.StartAsync(CancellationToken.None);
        await worker.ExecuteTask!;

        Assert.Equal(["0"], await _scratch.Sql.ListAsync("SELECT attempts FROM letters WHERE due_at <= now()"));
    }

    private async Task WriteAsync(IEnumerable<string> recipients)
    {
        var due = DateTimeOffset.UnixEpoch.AddYears(50);
        _scratch.Db.Letters.AddRange(recipients.Select((recipient, index) => new Letter
        {
            Id = Guid.CreateVersion7(),
            Recipient = recipient,
            Subject = "A subject",
            Body = "The code is 123.",
            CreatedAt = due,
            DueAt = due.AddSeconds(index),
        }));
        await _scratch.Db.SaveChangesAsync();
    }

    /// <summary>Runs workers until the database says so.</summary>
    private async Task RunAsync(MailOptions options, int count, string until)
    {
        var workers = Enumerable.Range(0, count).Select(_ => Worker(options)).ToList();
        await Task.WhenAll(workers.Select(worker => worker.StartAsync(CancellationToken.None)));
        await Eventually.HoldsAsync(() => _scratch.Sql.ScalarAsync<bool>($"SELECT {until}"), () => until, TimeSpan.FromSeconds(20));
        await Task.WhenAll(workers.Select(worker => worker.StopAsync(CancellationToken.None)));
        workers.ForEach(worker => worker.Dispose());
    }

    private SendLetters Worker(MailOptions options) => new(_database, new PostOffice(Options.Create(options)), Options.Create(options), NullLogger<SendLetters>.Instance);
}
