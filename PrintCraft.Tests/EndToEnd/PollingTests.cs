using Aspire.Hosting;
using Aspire.Hosting.Testing;

using PrintCraft.Client;
using PrintCraft.Tests.Infrastructure;

namespace PrintCraft.Tests.EndToEnd;

/// <summary>With a Replicate token and nothing else: no webhook is asked for, and polling alone finishes the job.</summary>
public sealed class PollingTests
{
    [Fact]
    public async Task With_a_token_and_no_webhooks_polling_finishes_the_job()
    {
        var simulator = (await PrintCraftApp.GetAsync()).App.GetEndpoint("replicate", "http").ToString();
        await using var app = await PrintCraftApp.StartAsync(
            builder =>
            {
                // The AppHost pointed both at https://api.replicate.com; here that name leads to a simulator. Nothing else is changed but the
                // delivery host: base address, service discovery and download rules are those of the real service.
                builder.Configure("api", api => api.WithEnvironment("services__replicate__https__0", simulator));
                builder.Configure("worker", worker => worker.WithEnvironment("services__replicate__https__0", simulator).WithEnvironment("Replicate__DeliveryHosts__0", "localhost"));
            },
            arguments: ["--Parameters:replicate-token=r8_token_of_a_test", "--WorkerReplicas=2"]);
        var user = app.NewUser();

        var created = await user.Api.CreateGenerationAsync(new NewGeneration("a quiet lake", "photorealistic", new("draft", Count: 2)), CancellationToken.None);
        var done = await app.WaitUntilFinalAsync(user, created.Id);

        Assert.Equal((GenerationStatus.Succeeded, 2), (done.Status, done.Images.Count));
        Assert.Equal(2, done.Credits.Charged);
    }
}
