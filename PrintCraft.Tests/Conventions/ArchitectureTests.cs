using System.ComponentModel.DataAnnotations;
using System.Reflection;

using Refit;

namespace PrintCraft.Tests.Conventions;

/// <summary>Rules that no compiler checks. A name in a list of exceptions has its reason beside it; one that is not needed any more fails too.</summary>
public sealed class ArchitectureTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Methods that do not end with a CancellationToken.</summary>
    private static readonly Dictionary<string, string> WithoutToken = new()
    {
        ["ListGenerations.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListLedger.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListUploads.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListApiKeys.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListAudit.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListUsers.HandleAsync"] = "query parameters with defaults must come after it",
        ["ListDeadLetters.HandleAsync"] = "query parameters with defaults must come after it",
        ["LimitRequests.InvokeAsync"] = "middleware, which takes the request, whose RequestAborted it uses",
        ["ProtectFromOverload.InvokeAsync"] = "middleware, which takes the request, whose RequestAborted it uses",
        ["ProblemRegistration.WriteAsync"] = "answers a request, whose RequestAborted it uses",
        ["GenerationHub.SubscribeGeneration"] = "a call of a client, which ends with its connection",
        ["GenerationHub.ResumeGeneration"] = "a call of a client, which ends with its connection",
        ["GenerationHub.UnsubscribeGeneration"] = "a call of a client, which ends with its connection",
        ["GenerationHub.SubscribeUser"] = "a call of a client, which ends with its connection",
        ["GenerationHub.ResumeUser"] = "a call of a client, which ends with its connection",
        ["GenerationHub.UnsubscribeUser"] = "a call of a client, which ends with its connection",
        ["HubSubscriptions.AddAsync"] = "takes the connection, whose ConnectionAborted it uses",
        ["HubSubscriptions.RemoveAsync"] = "what is followed no more has ended before the answer, always",
        ["CommandLine.RunAsync"] = "the whole program, which Ctrl+C ends",
        ["ETags.AnswerAsync"] = "has the signature of an endpoint filter",
        ["CheckImage.StopAsync"] = "has a short limit of its own, also past the deadline and while stopping",
        ["Migrate.RunAsync"] = "the whole program, which ends by itself",
        ["CommandHost.RunAsync"] = "the whole program, which ends by itself",
        ["DeadLettersCommand.RunAsync"] = "the whole program, which ends by itself",
        ["CheckInvariantsCommand.RunAsync"] = "the whole program, which ends by itself",
        ["CommandHost.RunForDevelopersAsync"] = "the whole program, which ends by itself",
        ["PurgeQueueCommand.RunAsync"] = "the whole program, which ends by itself",
        ["ResetCommand.RunAsync"] = "the whole program, which ends by itself",
        ["Sql.CloseAsync"] = "gives a connection back, which always must",
        ["GenerationClaim.WriteAsync"] = "the statement's parameters must come after it",
        ["ImageWrites.AdoptAsync"] = "an id that is in no other hand is written down also while stopping",
        ["ImageWrites.NotTakenAsync"] = "a refusal is written down also while stopping",
    };

    private static readonly string[] BannedSuffixes = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Processor", "Base", "Impl", "Dto"];
    private static readonly string[] BannedFolders = ["Common", "Shared", "Services", "Interfaces", "Models", "Helpers", "Utils"];

    [Fact]
    public void Each_assembly_knows_only_those_below_it()
    {
        string[] below = ["PrintCraft.Core", "PrintCraft.Replicate", "PrintCraft.ServiceDefaults"];

        Assert.Equal([], ProductReferences(Product.Core));
        Assert.Equal([], ProductReferences(Product.Replicate));
        Assert.Equal([], ProductReferences(Product.Client));
        Assert.Equal(["PrintCraft.Client"], ProductReferences(Product.Cli));
        Assert.Equal([], ProductReferences(Product.ServiceDefaults));
        Assert.Equal(below, ProductReferences(Product.Api));
        Assert.Equal(below, ProductReferences(Product.Worker));
    }

    [Fact]
    public void The_simulator_shares_no_type_with_what_it_is_to_test()
    {
        Assert.Equal(["PrintCraft.ServiceDefaults"], ProductReferences(Assembly.Load("PrintCraft.ReplicateSimulator")));
    }

    [Fact]
    public void The_rules_and_the_clients_know_no_web_server()
    {
        Assert.All(
            [Product.Core, Product.Replicate, Product.Client, Product.Cli],
            assembly => Assert.DoesNotContain(References(assembly), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_the_worker_and_the_topology_speak_to_the_broker()
    {
        var speaking = Product.Assemblies.Where(assembly => References(assembly).Contains("RabbitMQ.Client")).ToList();

        Assert.Equal([Product.Core, Product.Worker], speaking);
    }

    [Fact]
    public void Every_async_method_takes_a_token_and_takes_it_last()
    {
        var without = Product.Types
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => Product.IsWritten(method) && IsOpen(method) && IsAsync(method.ReturnType) && !IsGiven(method))
            .Where(method => method.GetParameters().LastOrDefault()?.ParameterType != typeof(CancellationToken))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");

        Assert.Equal(WithoutToken.Keys.Order(StringComparer.Ordinal), without.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_token_is_never_optional()
    {
        var optional = Product.Types
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => Product.IsWritten(method) && !IsGiven(method))
            .SelectMany(method => method.GetParameters())
            .Where(parameter => parameter.ParameterType == typeof(CancellationToken) && parameter.HasDefaultValue)
            .Select(parameter => $"{parameter.Member.DeclaringType!.Name}.{parameter.Member.Name}");

        Assert.Equal([], optional);
    }

    [Fact]
    public void Names_say_what_a_type_is_for()
    {
        Assert.Equal([], Product.Types.Where(type => BannedSuffixes.Any(suffix => type.Name.Split('`')[0].EndsWith(suffix, StringComparison.Ordinal))));
    }

    [Fact]
    public void Folders_are_named_for_nouns_of_the_product()
    {
        Assert.Equal([], Product.Types.Where(type => type.Namespace!.Split('.').Intersect(BannedFolders).Any()));
    }

    [Fact]
    public void An_interface_is_a_Refit_client_or_has_two_implementations()
    {
        var interfaces = Product.Types.Where(type => type.IsInterface && !type.GetMethods().All(method => method.IsDefined(typeof(HttpMethodAttribute))));

        Assert.Equal([], interfaces.Where(type => Product.Types.Count(other => other.IsClass && other.IsAssignableTo(type)) < 2));
    }

    [Fact]
    public void Every_class_is_sealed_static_or_there_to_be_derived_from()
    {
        var open = Product.Types.Where(type => type.IsClass && !type.IsSealed && !Product.Types.Any(other => other.BaseType == type));

        Assert.Equal([], open);
    }

    [Fact]
    public void The_defaults_of_every_option_are_within_its_range()
    {
        var ranges = Product.Types
            .Where(type => type.IsClass && type.GetField("Section") is { IsLiteral: true })
            .SelectMany(type => type.GetProperties().Select(property => (Options: Activator.CreateInstance(type), Property: property)))
            .Select(option => (option.Property, Value: option.Property.GetValue(option.Options), Range: option.Property.GetCustomAttribute<RangeAttribute>()))
            .Where(option => option.Range is not null)
            .ToList();

        Assert.NotEmpty(ranges);
        Assert.All(ranges, option => Assert.True(option.Range!.IsValid(option.Value), $"{option.Property.DeclaringType!.Name}.{option.Property.Name} is {option.Value}"));
    }

    private static IEnumerable<string> ProductReferences(Assembly assembly) =>
        References(assembly).Where(name => name.StartsWith("PrintCraft.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    private static bool IsOpen(MethodInfo method) => method.IsPublic || method.IsAssembly || method.IsFamilyOrAssembly;

    private static bool IsAsync(Type type) =>
        type.IsAssignableTo(typeof(Task)) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ValueTask<>) || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    /// <summary>Whether its signature is somebody else's: an override, or the implementation of an interface that is not ours.</summary>
    private static bool IsGiven(MethodInfo method) =>
        method.GetBaseDefinition() != method
        || (!method.DeclaringType!.IsInterface && method.DeclaringType.GetInterfaces()
            .Where(type => !Product.Types.Contains(type))
            .Any(type => method.DeclaringType.GetInterfaceMap(type).TargetMethods.Contains(method)));
}
