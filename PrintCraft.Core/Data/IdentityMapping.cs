using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

using PrintCraft.Core.Identity;
using PrintCraft.Core.Mail;

namespace PrintCraft.Core.Data;

internal sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        // Signing in is by e-mail; there are no user names, telephones or second factors here.
        builder.Ignore(user => user.UserName).Ignore(user => user.NormalizedUserName).Ignore(user => user.PhoneNumber).Ignore(user => user.PhoneNumberConfirmed)
            .Ignore(user => user.TwoFactorEnabled).Ignore(user => user.LockoutEnabled);
        builder.Property(user => user.Email).HasColumnType("character varying(255)");
        builder.Property(user => user.NormalizedEmail).HasColumnType("character varying(255)");
        builder.Property(user => user.FirstName).HasColumnType("character varying(100)");
        builder.Property(user => user.LastName).HasColumnType("character varying(100)");
        builder.Property(user => user.EmailConfirmed).HasColumnName("email_verified");
        builder.Property(user => user.ConcurrencyStamp).IsConcurrencyToken();
        builder.HasIndex(user => user.NormalizedEmail).IsUnique();
        builder.HasIndex(user => user.FirebaseUid).IsUnique();
        builder.HasIndex(user => new { user.CreatedAt, user.Id });
    }
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasOne<User>().WithMany().HasForeignKey(session => session.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(session => session.ExpiresAt);
    }
}

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(key => key.Hash).IsUnique();
    }
}

internal sealed class UserPreferencesMapping : IEntityTypeConfiguration<UserPreferences>
{
    public void Configure(EntityTypeBuilder<UserPreferences> builder)
    {
        builder.HasKey(preferences => preferences.UserId);
        builder.HasOne<User>().WithOne().HasForeignKey<UserPreferences>(preferences => preferences.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AuditEntryMapping : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("user_audit_log");
        builder.HasKey(entry => entry.Id).HasName("pk_user_audit_log");
        builder.HasOne<User>().WithMany().HasForeignKey(entry => entry.UserId).OnDelete(DeleteBehavior.Restrict).HasConstraintName("fk_user_audit_log_users_user_id");
        builder.Property(entry => entry.Action).HasColumnType("character varying(50)");
        builder.Property(entry => entry.Changes).HasColumnType("jsonb");
        builder.HasIndex(entry => new { entry.UserId, entry.CreatedAt, entry.Id }).HasDatabaseName("ix_user_audit_log_user_id_created_at_id");
        builder.HasIndex(entry => new { entry.CreatedAt, entry.Id }).HasDatabaseName("ix_user_audit_log_created_at_id");
    }
}

internal sealed class DataProtectionKeyMapping : IEntityTypeConfiguration<DataProtectionKey>
{
    public void Configure(EntityTypeBuilder<DataProtectionKey> builder) => builder.HasKey(key => key.Name);
}

internal sealed class LetterMapping : IEntityTypeConfiguration<Letter>
{
    public void Configure(EntityTypeBuilder<Letter> builder) => builder.HasIndex(letter => letter.DueAt).HasFilter("due_at IS NOT NULL");
}
