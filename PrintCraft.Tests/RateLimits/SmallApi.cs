using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using PrintCraft.Api.RateLimits;

namespace PrintCraft.Tests.RateLimits;

/// <summary>The limits around endpoints of a test, in this process and without Redis.</summary>
internal sealed class SmallApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SmallApi(WebApplication app) => _app = app;

    public HttpClient Http { get; private set; } = null!;

    public static async Task<SmallApi> StartAsync(Action<IEndpointRouteBuilder> map, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"RateLimits:{setting.Name}", (string?)setting.Value)));
        builder.Services.AddRouting().AddHttpContextAccessor().AddSingleton(TimeProvider.System);
        builder.AddRateLimits();
        var app = builder.Build();
        app.UseRouting();
        app.UseOverloadProtection();
        app.UseRateLimits();
        map(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new SmallApi(app) { Http = new HttpClient { BaseAddress = new Uri(address) } };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
