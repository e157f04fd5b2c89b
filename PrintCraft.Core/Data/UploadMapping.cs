using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

using PrintCraft.Core.Identity;
using PrintCraft.Core.Uploads;

namespace PrintCraft.Core.Data;

internal sealed class UploadMapping : IEntityTypeConfiguration<Upload>
{
    public void Configure(EntityTypeBuilder<Upload> builder)
    {
        builder.HasOne<User>().WithMany().HasForeignKey(upload => upload.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(upload => new { upload.UserId, upload.CreatedAt, upload.Id });
        builder.HasIndex(upload => upload.ExpiresAt);
    }
}
