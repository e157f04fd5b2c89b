using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

using PrintCraft.Core.Generations;
using PrintCraft.Core.Identity;

namespace PrintCraft.Core.Data;

internal sealed class GenerationMapping : IEntityTypeConfiguration<Generation>
{
    public void Configure(EntityTypeBuilder<Generation> builder)
    {
        builder.HasOne<User>().WithMany().HasForeignKey(generation => generation.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasMany(generation => generation.Images).WithOne().HasForeignKey(image => image.GenerationId);
        builder.HasIndex(generation => new { generation.UserId, generation.CreatedAt, generation.Id });
        builder.HasIndex(generation => generation.DueAt).HasFilter("due_at IS NOT NULL");
        builder.HasIndex(generation => generation.HiddenAt).HasFilter("hidden_at IS NOT NULL) AND (purged_at IS NULL");
        builder.HasIndex(generation => generation.ReferenceId).HasFilter("reference_id IS NOT NULL");
    }
}

internal sealed class GenerationImageMapping : IEntityTypeConfiguration<GenerationImage>
{
    public void Configure(EntityTypeBuilder<GenerationImage> builder)
    {
        builder.HasKey(image => new { image.GenerationId, image.Index });
        builder.Property(image => image.ThumbnailTries).HasDefaultValue(0);
    }
}

internal sealed class GenerationEventMapping : IEntityTypeConfiguration<GenerationEvent>
{
    public void Configure(EntityTypeBuilder<GenerationEvent> builder)
    {
        builder.HasKey(fact => new { fact.GenerationId, fact.Seq });
        builder.HasIndex(fact => new { fact.UserId, fact.UserSeq }).IsUnique();
        builder.Property(fact => fact.Payload).HasColumnType("jsonb");
    }
}

internal sealed class ProviderRunMapping : IEntityTypeConfiguration<ProviderRun>
{
    public void Configure(EntityTypeBuilder<ProviderRun> builder)
    {
        builder.HasKey(run => run.PredictionId);
        builder.HasIndex(run => run.GenerationId);
    }
}
