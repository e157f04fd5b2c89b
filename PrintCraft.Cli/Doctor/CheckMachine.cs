namespace PrintCraft.Cli.Doctor;

/// <summary>What a checkout needs of the machine: the SDK, what its mode runs on, Node.js.</summary>
internal static class CheckMachine
{
    private static readonly string[] Servers = ["postgresql", "redis-server", "rabbitmq-server", "libvips42"];

    private static string Sudo => Environment.IsPrivilegedProcess ? "" : "sudo ";

    public static async Task<Finding> SdkAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var wanted = checkout.WantedSdk();
        return await Tool.AskAsync("dotnet", ["--version"], checkout.Folder, cancellationToken) switch
        {
            (0, var version) => new Finding("sdk", Health.Ok, $".NET SDK {version}; global.json asks for {wanted} or a later patch"),
            null => new Finding("sdk", Health.Fail, "dotnet is not on the PATH", $"{Sudo}apt-get install -y dotnet-sdk-10.0"),
            _ => new Finding("sdk", Health.Fail, $"no .NET SDK {wanted} or a later patch, which global.json asks for", $"{Sudo}apt-get install -y dotnet-sdk-10.0"),
        };
    }

    public static async Task<IReadOnlyList<Finding>> ModeAsync(Checkout checkout, CancellationToken cancellationToken) => checkout.Mode() switch
    {
        null => [new Finding("mode", Health.Warn, "not chosen yet; the first build does", "dotnet build")],
        ("embedded", var reason) => [Embedded(reason), Installed(package => package.IsInstalled())],
        (var mode, _) => [await AspireAsync(mode, checkout.Folder, cancellationToken)],
    };

    public static async Task<Finding> NodeAsync(string folder, CancellationToken cancellationToken)
    {
        var (node, npm) = (await Tool.AskAsync("node", ["--version"], folder, cancellationToken), await Tool.AskAsync("npm", ["--version"], folder, cancellationToken));
        return node is (0, var version) && npm is (0, var npmVersion)
            ? new Finding("node", Health.Ok, $"Node.js {version}, npm {npmVersion}")
            : new Finding("node", Health.Warn, $"{(node is null ? "Node.js" : "npm")} is missing: no dashboard in embedded mode, no Firebase emulator", $"{Sudo}apt-get install -y nodejs npm");
    }

    /// <summary>Which of the packages of embedded mode there are.</summary>
    internal static Finding Installed(Func<string, bool> isInstalled)
    {
        var missing = Servers.Where(package => !isInstalled(package)).ToList();
        if (missing.Count == 0)
        {
            return new Finding("servers", Health.Ok, $"{string.Join(", ", Servers)} are installed");
        }

        var hint = $"{Sudo}apt-get install -y --no-install-recommends {string.Join(' ', missing)}";
        var installsItself = Environment.IsPrivilegedProcess && Environment.GetEnvironmentVariable("PRINTCRAFT_INSTALL_SERVERS") is var wanted
            && (string.IsNullOrEmpty(wanted) ? !Directory.Exists("/run/systemd/system") : wanted == "1");
        var what = $"{string.Join(", ", missing)} {(missing.Count == 1 ? "is" : "are")} missing";
        return installsItself ? new Finding("servers", Health.Warn, $"{what}; the first start installs {(missing.Count == 1 ? "it" : "them")}", hint) : new Finding("servers", Health.Fail, what, hint);
    }

    private static Finding Embedded(string reason) => OperatingSystem.IsLinux()
        ? new Finding("mode", Health.Ok, $"embedded: {reason}")
        : new Finding("mode", Health.Fail, $"embedded ({reason}), which needs Linux: start Docker or Podman and have it chosen again", "rm artifacts/mode.props");

    private static async Task<Finding> AspireAsync(string mode, string folder, CancellationToken cancellationToken)
    {
        foreach (var runtime in (string[])["docker", "podman"])
        {
            if (await Tool.AskAsync(runtime, ["info"], folder, cancellationToken) is (0, _))
            {
                return new Finding("mode", Health.Ok, $"{mode}: {runtime} answers");
            }
        }

        return new Finding("mode", Health.Fail, $"{mode}, but neither docker nor podman answers: start one, or have the mode chosen again", "rm artifacts/mode.props");
    }

    /// <summary>By its program or library, wherever the distribution puts it: a package may have another name, and be there.</summary>
    private static bool IsInstalled(this string package) => package switch
    {
        "postgresql" => Tool.IsOnPath("postgres") || Found("/usr/lib/postgresql", "postgres"),
        "redis-server" => Tool.IsOnPath("redis-server"),
        "rabbitmq-server" => Tool.IsOnPath("rabbitmq-server") || File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server"),
        _ => Found("/usr/lib", "libvips.so.42") || Found("/usr/local/lib", "libvips.so.42"),
    };

    private static bool Found(string folder, string file) => Directory.Exists(folder) && Directory.EnumerateFiles(
        folder, file, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2, IgnoreInaccessible = true }).Any();
}
