using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

using PrintCraft.Core.Identity;
using PrintCraft.Core.Messaging;

namespace PrintCraft.Core.Data;

internal sealed class OutboxMapping : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> builder)
    {
        builder.Property(message => message.Body).HasColumnType("jsonb");
        builder.HasIndex(message => message.CreatedAt).HasFilter("sent_at IS NULL");
    }
}

internal sealed class DeadLetterMapping : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> builder)
    {
        builder.HasIndex(letter => new { letter.Queue, letter.MessageId }).IsUnique();
        builder.HasIndex(letter => letter.DiedAt);
    }
}

internal sealed class IdempotencyKeyMapping : IEntityTypeConfiguration<IdempotencyKey>
{
    public void Configure(EntityTypeBuilder<IdempotencyKey> builder)
    {
        builder.HasKey(key => new { key.UserId, key.Route, key.Key });
        builder.HasOne<User>().WithMany().HasForeignKey(key => key.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(key => key.CreatedAt);
    }
}
