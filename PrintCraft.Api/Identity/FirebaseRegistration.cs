namespace PrintCraft.Api.Identity;

internal static class FirebaseRegistration
{
    private const string DemoProject = "demo-printcraft";

    public static WebApplicationBuilder AddFirebase(this WebApplicationBuilder builder)
    {
        var isEmulated = FirebaseAccess.IsEmulated || !string.IsNullOrWhiteSpace(builder.Configuration[FirebaseAccess.EmulatorVariable]);
        builder.Services.AddOptions<FirebaseOptions>()
            .BindConfiguration(FirebaseOptions.Section)
            .PostConfigure(options => options.ProjectId = isEmulated && string.IsNullOrEmpty(options.ProjectId) ? DemoProject : options.ProjectId)
            .ValidateDataAnnotations()
            .Validate<IHostEnvironment>(
                (_, environment) => !isEmulated || IsForTests(environment),
                $"{FirebaseAccess.EmulatorVariable} is set, but with it anybody can make tokens: it works only in Development and Testing. Remove it.")
            .Validate<IHostEnvironment>(
                (options, environment) => options.GoogleAddress is null || IsForTests(environment),
                "Firebase:GoogleAddress is set, but who answers instead of Google can make tokens: it works only in Development and Testing. Remove it.")
            .Validate(
                options => FirebaseAccess.IsServiceAccount(options.ServiceAccount),
                "Firebase:ServiceAccount is neither the JSON of a service account nor the path of a file with it.")
            .ValidateOnStart();
        builder.Services.AddSingleton<FirebaseTokens>();
        builder.Services.AddSingleton<FirebaseCredentials>();
        return builder;
    }

    private static bool IsForTests(IHostEnvironment environment) => environment.IsDevelopment() || environment.IsEnvironment("Testing");
}
