using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrintCraft.Tests.Conventions;

/// <summary>The product's assemblies and what was written in them; what the compiler adds is left out.</summary>
internal static class Product
{
    public static readonly Assembly Core = typeof(Core.Generations.OrderRules).Assembly;
    public static readonly Assembly Replicate = typeof(PrintCraft.Replicate.IReplicateApi).Assembly;
    public static readonly Assembly Client = typeof(Client.IPrintCraftApi).Assembly;
    public static readonly Assembly Cli = typeof(PrintCraft.Cli.CommandLine).Assembly;
    public static readonly Assembly ServiceDefaults = typeof(ServiceDefaults.Extensions).Assembly;
    public static readonly Assembly Api = typeof(Api.Generations.GenerationResource).Assembly;
    public static readonly Assembly Worker = typeof(Worker.Generations.WorkOptions).Assembly;

    public static IReadOnlyList<Assembly> Assemblies { get; } = [Core, Replicate, Client, ServiceDefaults, Api, Worker, Cli];

    public static IReadOnlyList<Type> Types { get; } =
        [.. Assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => IsWritten(type) && type.Namespace?.StartsWith("PrintCraft.", StringComparison.Ordinal) == true)];

    public static bool IsWritten(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal)
        && !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        && (member.DeclaringType is not { } outer || IsWritten(outer));
}
