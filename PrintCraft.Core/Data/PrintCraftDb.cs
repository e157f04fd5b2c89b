using Microsoft.EntityFrameworkCore;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;
using PrintCraft.Core.Mail;
using PrintCraft.Core.Messaging;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Core.Data;

/// <summary>The database. Migrations own the schema; this model describes it, and a test compares the two.</summary>
public sealed class PrintCraftDb(DbContextOptions<PrintCraftDb> options) : DbContext(options)
{
    /// <summary>Name of the connection string, and of the resource in the AppHost.</summary>
    public const string ConnectionName = "printcraftdb";

    public DbSet<User> Users => Set<User>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<UserPreferences> UserPreferences => Set<UserPreferences>();

    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<Letter> Letters => Set<Letter>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<Journal> Journals => Set<Journal>();

    public DbSet<JournalEntry> JournalEntries => Set<JournalEntry>();

    public DbSet<Generation> Generations => Set<Generation>();

    public DbSet<GenerationImage> GenerationImages => Set<GenerationImage>();

    public DbSet<GenerationEvent> GenerationEvents => Set<GenerationEvent>();

    public DbSet<ProviderRun> ProviderRuns => Set<ProviderRun>();

    public DbSet<Upload> Uploads => Set<Upload>();

    public DbSet<Grant> Grants => Set<Grant>();

    public DbSet<GrantUse> GrantUses => Set<GrantUse>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    public DbSet<DeadLetter> DeadLetters => Set<DeadLetter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PrintCraftDb).Assembly);
        SnakeCase.Apply(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<GenerationStatus>().HaveConversion<LowerCaseEnum<GenerationStatus>>();
        configurationBuilder.Properties<ImageStatus>().HaveConversion<LowerCaseEnum<ImageStatus>>();
        configurationBuilder.Properties<UploadStatus>().HaveConversion<LowerCaseEnum<UploadStatus>>();
        configurationBuilder.Properties<Quality>().HaveConversion<LowerCaseEnum<Quality>>();
        configurationBuilder.Properties<AccountKind>().HaveConversion<LowerCaseEnum<AccountKind>>();
        configurationBuilder.Properties<GrantKind>().HaveConversion<LowerCaseEnum<GrantKind>>();
        configurationBuilder.Properties<JournalKind>().HaveConversion<LowerCaseEnum<JournalKind>>();
    }
}
