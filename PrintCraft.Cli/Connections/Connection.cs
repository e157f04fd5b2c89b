using System.Net;
using System.Net.Http.Headers;

using PrintCraft.Cli.Output;
using PrintCraft.Client;

using Refit;

namespace PrintCraft.Cli.Connections;

/// <summary>The API and the ways to call it.</summary>
internal sealed class Connection : IDisposable
{
    private readonly SocketsHttpHandler _sockets = new() { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All, ConnectTimeout = TimeSpan.FromSeconds(10) };
    private readonly Uri _address;

    public Connection(Uri address, string? credential)
    {
        _address = address;
        Api = RestService.For<IPrintCraftApi>(Client(withRetries: true, credential), PrintCraftClient.Settings);
        Once = RestService.For<IPrintCraftApi>(Client(withRetries: false, credential), PrintCraftClient.Settings);
    }

    public Uri Address => _address;

    /// <summary>Repeats what is safe to repeat.</summary>
    public IPrintCraftApi Api { get; }

    /// <summary>Calls once: for streams, whose follower decides what comes next.</summary>
    public IPrintCraftApi Once { get; }

    /// <summary>For signed addresses, which need no credential and get none.</summary>
    public HttpClient WithoutCredential() => Client(withRetries: true, credential: null);

    public void Dispose() => _sockets.Dispose();

    private HttpClient Client(bool withRetries, string? credential)
    {
        HttpMessageHandler handler = withRetries ? new SafeRetry(TimeProvider.System) { InnerHandler = new PauseNotes { InnerHandler = _sockets } } : _sockets;
        var http = new HttpClient(handler, disposeHandler: false) { BaseAddress = _address };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("printcraft", CommandLine.Version));
        http.DefaultRequestHeaders.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        return http;
    }

    /// <summary>Says why nothing happens while <see cref="SafeRetry"/> waits as long as it was asked to.</summary>
    private sealed class PauseNotes : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (Failures.RetryAfter(response.Headers) is { } pause && pause <= SafeRetry.MaxPause && (int)response.StatusCode is 429 or 503)
            {
                Terminal.Note($"The API asks for a pause of {pause.TotalSeconds:0} s ({(int)response.StatusCode}).");
            }

            return response;
        }
    }
}
