namespace PrintCraft.Worker.Messaging;

internal static class MessagingRegistration
{
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MessagingOptions>()
            .BindConfiguration(MessagingOptions.Section)
            .ValidateDataAnnotations()
            .Validate(options => options.ClaimTime > options.PublishTimeout, "Messaging:ClaimTime must be longer than Messaging:PublishTimeout.")
            .ValidateOnStart();
        builder.Services.AddSingleton<WorkBell>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WorkBell>());
        builder.Services.AddSingleton<RabbitMqChannels>();
        builder.Services.AddSingleton<EventSignal>();
        builder.Services.AddHostedService<OutboxRelay>();
        builder.Services.AddHostedService<DeadLetterConsumer>();
        return builder;
    }
}
