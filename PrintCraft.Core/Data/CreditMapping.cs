using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

using PrintCraft.Core.Credits;
using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Core.Data;

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.HasKey(account => account.UserId);
        builder.HasOne<User>().WithOne().HasForeignKey<Account>(account => account.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class JournalMapping : IEntityTypeConfiguration<Journal>
{
    public void Configure(EntityTypeBuilder<Journal> builder)
    {
        builder.HasIndex(journal => new { journal.Kind, journal.BusinessId }).IsUnique();
    }
}

internal sealed class JournalEntryMapping : IEntityTypeConfiguration<JournalEntry>
{
    public void Configure(EntityTypeBuilder<JournalEntry> builder)
    {
        builder.HasKey(entry => new { entry.UserId, entry.JournalId, entry.Account });
        builder.HasIndex(entry => entry.JournalId).HasMethod("brin");
    }
}

internal sealed class GrantMapping : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.HasOne<User>().WithMany().HasForeignKey(grant => grant.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(grant => grant.ExpiresAt).HasFilter("remaining > 0");
    }
}

internal sealed class GrantUseMapping : IEntityTypeConfiguration<GrantUse>
{
    public void Configure(EntityTypeBuilder<GrantUse> builder)
    {
        builder.HasKey(use => new { use.GenerationId, use.GrantId });
        builder.HasOne<Generation>().WithMany().HasForeignKey(use => use.GenerationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<Grant>().WithMany().HasForeignKey(use => use.GrantId).OnDelete(DeleteBehavior.Restrict);
    }
}
