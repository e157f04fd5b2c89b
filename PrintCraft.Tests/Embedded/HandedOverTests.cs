using System.Collections;

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace PrintCraft.Tests.Embedded;

/// <summary>The variables and arguments that a program gets, and the lines that come back. Alone: it sets variables of this process.</summary>
[Collection(nameof(HandedOverTests))]
[CollectionDefinition(nameof(HandedOverTests), DisableParallelization = true)]
public sealed class HandedOverTests : IDisposable
{
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "DOTNET_LAUNCH_PROFILE", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "ASPIRE_LOGLEVEL"];

    private readonly Dictionary<string, string?> _before = [];

    [Fact]
    public async Task A_program_gets_its_own_variables_and_those_of_the_host_but_five()
    {
        Set("PRINTCRAFT_INHERITED", "yes");
        Array.ForEach(NotInherited, name => Set(name, "Production"));
        var builder = SmallApp.Describe();
        builder.AddShell("web", "env; echo the end").WithEnvironment("OWN", "a b=c");
        await using var app = await SmallApp.StartAsync(builder);

        var lines = await app.LogsUntilAsync("web", line => line == "the end");

        var environment = lines.Select(line => line.Content.Split('=', 2)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);
        Assert.Equal(["yes"], environment["PRINTCRAFT_INHERITED"]);
        Assert.Equal(["a b=c"], environment["OWN"]);
        Assert.Equal([], NotInherited.Where(environment.Contains));
        var inherited = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => (string)variable.Key).Except(NotInherited);
        Assert.Equal([], environment.Select(variable => variable.Key).Except(inherited).Except(["OWN", "PWD", "SHLVL", "_"]));
    }

    [Fact]
    public async Task A_program_gets_no_telemetry_variables_and_its_internal_port_by_the_wanted_name()
    {
        var builder = SmallApp.Describe("--Parameters:token=secret");
        var web = builder.AddShell("web").WithHttpEndpoint(env: "PORT");
        web.WithEnvironment("TOKEN", builder.AddParameter("token", secret: true)).WithEnvironment("SELF", web.GetEndpoint("http"));
        await using var app = await SmallApp.StartAsync(builder);

        var variables = SmallApp.Variables(await app.WaitForAsync("web", KnownResourceStates.Running));

        var address = app.App.GetEndpoint("web", "http");
        Assert.Equal(["PORT", "SELF", "TOKEN"], variables.Keys.Order());
        Assert.Equal(("secret", address.ToString().TrimEnd('/')), (variables["TOKEN"], variables["SELF"]));
        Assert.NotEqual($"{address.Port}", variables["PORT"]);
        Assert.InRange(int.Parse(variables["PORT"]!, System.Globalization.CultureInfo.InvariantCulture), 1024, 65535);
    }

    [Fact]
    public async Task An_external_service_is_handed_over_by_name_and_scheme()
    {
        var builder = SmallApp.Describe();
        builder.AddShell("web").WithReference(builder.AddExternalService("out-side", "https://outside.test:81/"));
        await using var app = await SmallApp.StartAsync(builder);

        var variables = SmallApp.Variables(await app.WaitForAsync("web", KnownResourceStates.Running));

        Assert.Equal(["OUT_SIDE_HTTPS", "services__out-side__https__0"], variables.Keys.Order(StringComparer.Ordinal));
        Assert.All(variables.Values, value => Assert.Equal("https://outside.test:81/", value));
    }

    [Fact]
    public async Task The_log_has_both_streams_in_order_with_numbers_also_for_who_comes_late()
    {
        var builder = SmallApp.Describe();
        builder.AddExecutable("web", "/bin/sh", "/", "-c", "echo \"$1 in $PWD\"; echo bad >&2; read line; echo input $?", "sh").WithArgs("one two");
        await using var app = await SmallApp.StartAsync(builder);
        await app.WaitForAsync("web", KnownResourceStates.Finished);

        var lines = await app.LogsUntilAsync("web", line => line == "input 1");

        Assert.Contains(lines, line => line is { Content: "one two in /", IsErrorMessage: false });
        Assert.Contains(lines, line => line is { Content: "bad", IsErrorMessage: true });
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.LineNumber));
    }

    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private void Set(string name, string value)
    {
        _before.Add(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
