using PrintCraft.Core.Images;
using PrintCraft.Worker.Reconciliation;

namespace PrintCraft.Worker.Images;

internal static class ImagesRegistration
{
    public static WebApplicationBuilder AddImages(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImageStoreOptions>().BindConfiguration(ImageStoreOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<PictureOptions>().BindConfiguration(PictureOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ThumbnailOptions>().BindConfiguration(ThumbnailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ImageStore>();
        builder.Services.AddSingleton<Pictures>();
        builder.Services.AddSingleton<References>();
        builder.Services.AddSingleton<MakeThumbnails>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MakeThumbnails>());
        builder.Services.AddSingleton<IChore, FindThumbnails>();
        return builder;
    }
}
