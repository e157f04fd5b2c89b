namespace PrintCraft.Worker.Reconciliation;

internal static class ReconciliationRegistration
{
    public static WebApplicationBuilder AddReconciliation(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReconciliationOptions>().BindConfiguration(ReconciliationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IChore, CheckInvariants>();
        builder.Services.AddSingleton<IChore, ExpireGrants>();
        builder.Services.AddSingleton<IChore, Orphans>();
        builder.Services.AddSingleton<IChore, RemoveFiles>();
        builder.Services.AddSingleton<IChore, RemoveUploads>();
        builder.Services.AddSingleton<IChore, Retention>();
        builder.Services.AddHostedService<Chores>();
        return builder;
    }
}
