using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace PrintCraft.Tests.Telemetry;

/// <summary>The line that each request leaves in the log.</summary>
public sealed class RequestTelemetryTests
{
    private static readonly string[] Fields = ["method", "path", "userId", "duration", "status", "route", "requestId", "{OriginalFormat}"];

    [Fact]
    public async Task A_request_leaves_one_line_with_the_promised_fields()
    {
        await using var web = await LoggedWeb.StartAsync();

        var line = await web.GetAsync("/items/7", HttpStatusCode.OK);

        Assert.Equal(Fields, line.Fields.Keys);
        Assert.Equal(("GET", "/items/7", "somebody", 200, "/items/{id}"), (line["method"], line["path"], line["userId"], line["status"], line["route"]));
        Assert.IsType<double>(line["duration"]);
        Assert.Matches("^[0-9a-f]{32}$", line["requestId"]!.ToString());
        Assert.Matches(@"^API request GET /items/7 somebody [0-9.]+ 200 /items/\{id\} [0-9a-f]{32}$", line.Text);
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Single(web.Lines);
    }

    [Fact]
    public async Task Neither_query_nor_header_nor_body_is_in_it()
    {
        await using var web = await LoggedWeb.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/items?signature=canary-query") { Content = new StringContent("canary-body") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "canary-token");
        request.Headers.UserAgent.ParseAdd("canary-agent");

        var line = await web.SendAsync(request, HttpStatusCode.OK);

        Assert.Equal("/items", line["path"]);
        Assert.DoesNotContain("canary", $"{line.Text} {string.Join(' ', line.Fields)}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/items/a%0d%0aAPI%20request", "/items/a%0D%0AAPI%20request")]
    [InlineData("/items/%1b%5b31m", "/items/%1B%5B31m")]
    [InlineData("/items/%e2%80%ae%e2%80%a8", "/items/%E2%80%AE%E2%80%A8")]
    public async Task What_could_forge_a_line_or_steer_a_terminal_stays_encoded(string path, string logged)
    {
        await using var web = await LoggedWeb.StartAsync();

        var line = await web.GetAsync(path, HttpStatusCode.OK);

        Assert.Equal(logged, line["path"]);
        Assert.DoesNotContain(line.Text, c => char.IsControl(c) || c > '~');
    }

    [Fact]
    public async Task A_path_without_end_is_cut()
    {
        await using var web = await LoggedWeb.StartAsync();

        var line = await web.GetAsync($"/items/{new string('a', 4_000)}", HttpStatusCode.OK);

        Assert.Equal(257, line["path"]!.ToString()!.Length);
    }

    [Fact]
    public async Task A_failed_request_has_its_status_and_route_and_an_unknown_one_none()
    {
        await using var web = await LoggedWeb.StartAsync();

        var failed = await web.GetAsync("/boom", HttpStatusCode.InternalServerError);
        var unknown = await web.GetAsync("/nowhere", HttpStatusCode.NotFound);

        Assert.Equal((500, "/boom"), (failed["status"], failed["route"]));
        Assert.Equal((404, "unknown"), (unknown["status"], unknown["route"]));
    }

    [Fact]
    public async Task A_method_that_nobody_knows_is_not_repeated()
    {
        await using var web = await LoggedWeb.StartAsync();

        var line = await web.SendAsync(new HttpRequestMessage(new HttpMethod("CANARY"), "/items/7"), HttpStatusCode.MethodNotAllowed);

        Assert.Equal("_OTHER", line["method"]);
        Assert.DoesNotContain("CANARY", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_logged_too()
    {
        await using var web = await LoggedWeb.StartAsync();
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(IPAddress.Loopback, web.Port);
            await caller.GetStream().WriteAsync("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
            await web.Waiting.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        var line = await web.LineAsync("/wait");

        Assert.Equal((499, "/wait"), (line["status"], line["route"]));
    }

    [Fact]
    public async Task Probes_leave_nothing_and_nothing_is_made_when_the_level_is_off()
    {
        await using var web = await LoggedWeb.StartAsync();
        using (await web.Http.GetAsync("/health"))
        using (await web.Http.GetAsync("/alive"))
        {
            await web.GetAsync("/items/7", HttpStatusCode.OK);
        }

        Assert.Single(web.Lines);

        await using var quiet = await LoggedWeb.StartAsync(LogLevel.Warning);
        using (await quiet.Http.GetAsync("/items/7"))
        {
            Assert.Empty(quiet.Lines);
        }
    }
}
