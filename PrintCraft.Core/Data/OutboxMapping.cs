using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

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
