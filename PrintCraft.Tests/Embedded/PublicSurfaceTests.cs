using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace PrintCraft.Tests.Embedded;

/// <summary>
/// What stands under embedded/ stays small: it shows nothing that nobody uses, and nothing in it may grow without something else going.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const int MostLines = 4_000;
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Settings that configuration binds: nobody has to name their properties.</summary>
    private static readonly string[] Bound =
    [
        "Aspire.Npgsql.EntityFrameworkCore.PostgreSQL.NpgsqlEntityFrameworkCorePostgreSQLSettings",
        "Aspire.RabbitMQ.Client.RabbitMQClientSettings",
        "Aspire.StackExchange.Redis.StackExchangeRedisSettings",
    ];

    private static readonly MetadataNames Names = new();
    private static readonly ConcurrentDictionary<Assembly, PEReader> Readers = new();

    [EmbeddedFact]
    public void Everything_public_is_used_by_the_product_or_required_from_upstream()
    {
        var assemblies = EmbeddedSources.AssemblyNames.Select(Assembly.Load).ToList();
        var product = Directory.GetFiles(AppContext.BaseDirectory, "PrintCraft.*.dll");
        var used = UsedSurface.Read(product, assemblies.Select(assembly => assembly.GetName().Name!).ToHashSet());

        var unused = assemblies.SelectMany(assembly => Unused(assembly, used)).Order(StringComparer.Ordinal).ToList();
        Assert.True(unused is [], $"Public, but nobody uses it:{Environment.NewLine}{string.Join(Environment.NewLine, unused)}");
    }

    [EmbeddedFact]
    public void The_embedded_packages_have_less_than_4000_lines_of_code()
    {
        var lines = EmbeddedSources.LinesOfCode();

        Assert.True(
            lines.Values.Sum() < MostLines,
            $"{lines.Values.Sum()} lines. The longest files: {string.Join(", ", lines.OrderByDescending(file => file.Value).Take(10))}");
    }

    [Fact]
    public void Blank_lines_and_comments_are_no_code()
    {
        Assert.Equal(2, EmbeddedSources.LinesOfCode("a\n\n  // b\n/// c\n<!-- d\ne -->\n  \nf // g\n"));
    }

    private static IEnumerable<string> Unused(Assembly assembly, UsedSurface used)
    {
        var needed = NeededTypes(assembly, used);
        foreach (var type in assembly.GetExportedTypes())
        {
            if (!needed.Contains(type))
            {
                yield return $"{assembly.GetName().Name}: {type}";
                continue;
            }

            foreach (var member in type.GetMembers(Declared).Where(member => IsVisible(member) && !IsUsed(type, member, used)))
            {
                yield return $"{assembly.GetName().Name}: {type}: {member}";
            }
        }
    }

    /// <summary>Types that are named, and those without which these would not compile: bases, interfaces, outer types, constraints, signatures.</summary>
    private static HashSet<Type> NeededTypes(Assembly assembly, UsedSurface used)
    {
        var needed = new HashSet<Type>();
        foreach (var type in assembly.GetExportedTypes().Where(type => used.Types.Contains(Key(type))))
        {
            Need(type);
        }

        return needed;

        void Need(Type type)
        {
            var open = type.HasElementType ? type.GetElementType()! : type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
            Array.ForEach(type.GenericTypeArguments, Need);
            if (open.Assembly != assembly || open.IsGenericParameter || !needed.Add(open))
            {
                return;
            }

            var members = open.GetMembers(Declared).Where(member => IsVisible(member) && IsUsed(open, member, used)).ToList();
            var methods = members.OfType<MethodBase>().Concat(members.OfType<PropertyInfo>().SelectMany(property => property.GetAccessors()));
            var parameters = methods.Where(method => method is MethodInfo).SelectMany(method => method.GetGenericArguments()).Concat(open.GetGenericArguments());
            var constraints = parameters.Where(parameter => parameter.IsGenericParameter).SelectMany(parameter => parameter.GetGenericParameterConstraints());
            var signatures = methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType!));
            Type?[] around = [open.BaseType, open.DeclaringType, .. open.GetInterfaces(), .. constraints, .. signatures];
            Array.ForEach([.. around.OfType<Type>()], Need);
        }
    }

    private static bool IsUsed(Type type, MemberInfo member, UsedSurface used) => type.IsEnum || Bound.Contains(type.FullName) || member switch
    {
        // Every class has a constructor without parameters unless it says otherwise.
        ConstructorInfo constructor => constructor.GetParameters().Length == 0 || IsOfRecord(type, constructor) || IsNamed(type, constructor, used),
        PropertyInfo property => IsOfRecord(type, property) || used.AttributeProperties.Contains((Key(type), property.Name))
            || property.GetAccessors(nonPublic: true).Any(accessor => IsNamed(type, accessor, used) || IsRequired(type, accessor)),
        // What the compiler adds to a record.
        MethodInfo method => method.IsDefined(typeof(CompilerGeneratedAttribute)) || IsNamed(type, method, used) || IsRequired(type, method),
        _ => IsNamed(type, member, used),
    };

    private static bool IsNamed(Type type, MemberInfo member, UsedSurface used) =>
        used.Members.Contains(Key(type, member)) || (type.IsInterface && used.Implemented.Contains(Key(type)));

    /// <summary>The constructor of a record, and the properties that this sets.</summary>
    private static bool IsOfRecord(Type type, MemberInfo member)
    {
        var constructor = type.GetConstructors(Declared).FirstOrDefault(one => one.GetParameters().Length > 0 && !IsCopy(type, one));
        return IsRecord(type) && member switch
        {
            ConstructorInfo one => one == constructor || IsCopy(type, one),
            _ => member.Name == "EqualityContract" || constructor?.GetParameters().Any(parameter => parameter.Name == member.Name) == true,
        };
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);

    private static bool IsCopy(Type type, ConstructorInfo constructor) => constructor.GetParameters() is [{ } only] && only.ParameterType == type;

    /// <summary>Whether it overrides something, or implements an interface.</summary>
    private static bool IsRequired(Type type, MethodInfo method) =>
        method.GetBaseDefinition() != method
        || (!type.IsInterface && type.GetInterfaces().Any(face => type.GetInterfaceMap(face).TargetMethods.Contains(method)));

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !IsAccessor(method),
        FieldInfo field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !field.IsSpecialName,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsPublic || accessor.IsFamily || accessor.IsFamilyOrAssembly),
        _ => false,
    };

    private static bool IsAccessor(MethodBase method) => method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal));

    private static string Key(Type type) => type.FullName!;

    /// <summary>As references are written: from the assembly's own metadata.</summary>
    private static string Key(Type type, MemberInfo member)
    {
        var reader = Readers.GetOrAdd(type.Assembly, assembly => new PEReader(File.OpenRead(assembly.Location))).GetMetadataReader();
        var handle = MetadataTokens.EntityHandle(member.MetadataToken);
        return MetadataNames.Member(Key(type), member.Name, member is FieldInfo
            ? reader.GetFieldDefinition((FieldDefinitionHandle)handle).DecodeSignature(Names, null)
            : MetadataNames.Signature(reader.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(Names, null)));
    }
}
