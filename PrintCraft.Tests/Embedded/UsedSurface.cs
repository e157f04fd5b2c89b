using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PrintCraft.Tests.Embedded;

/// <summary>
/// What assemblies use of others: from their tables of references, where generic methods, constructors of attributes and calls through
/// an interface stand too; the names of attribute properties stand in the attributes themselves.
/// </summary>
internal sealed class UsedSurface
{
    private static readonly MetadataNames Names = new();

    public HashSet<string> Types { get; } = [];

    public HashSet<string> Members { get; } = [];

    /// <summary>Properties and fields that attributes set, as type and name.</summary>
    public HashSet<(string Type, string Name)> AttributeProperties { get; } = [];

    /// <summary>Interfaces that are implemented: each of their members is then used.</summary>
    public HashSet<string> Implemented { get; } = [];

    public static UsedSurface Read(IEnumerable<string> files, IReadOnlySet<string> of)
    {
        var used = new UsedSurface();
        foreach (var file in files)
        {
            using var image = new PEReader(File.OpenRead(file));
            used.Add(image.GetMetadataReader(), of);
        }

        return used;
    }

    private void Add(MetadataReader reader, IReadOnlySet<string> of)
    {
        var types = reader.TypeReferences.Where(type => of.Contains(AssemblyOf(reader, type) ?? ""))
            .ToDictionary(type => (EntityHandle)type, type => Names.GetTypeFromReference(reader, type, 0));
        Types.UnionWith(types.Values);

        foreach (var member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (TypeOf(reader, member.Parent) is { } type && types.ContainsValue(type))
            {
                Members.Add(MetadataNames.Member(type, reader.GetString(member.Name), member.GetKind() == MemberReferenceKind.Method
                    ? MetadataNames.Signature(member.DecodeMethodSignature(Names, null))
                    : member.DecodeFieldSignature(Names, null)));
            }
        }

        foreach (var face in reader.TypeDefinitions.SelectMany(type => reader.GetTypeDefinition(type).GetInterfaceImplementations()))
        {
            Implemented.Add(TypeOf(reader, reader.GetInterfaceImplementation(face).Interface) ?? "");
        }

        foreach (var attribute in reader.CustomAttributes.Select(reader.GetCustomAttribute).Where(attribute => attribute.Constructor.Kind == HandleKind.MemberReference))
        {
            var type = TypeOf(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent);
            if (type is not null && types.ContainsValue(type))
            {
                AttributeProperties.UnionWith(attribute.DecodeValue(Names).NamedArguments.Select(argument => (type, argument.Name!)));
            }
        }
    }

    /// <summary>The type, without the arguments of a generic one.</summary>
    private static string? TypeOf(MetadataReader reader, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeReference => Names.GetTypeFromReference(reader, (TypeReferenceHandle)type, 0),
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)type).DecodeSignature(Names, null).Split('<')[0],
        _ => null,
    };

    private static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle type) => reader.GetTypeReference(type).ResolutionScope switch
    {
        { Kind: HandleKind.TypeReference } outer => AssemblyOf(reader, (TypeReferenceHandle)outer),
        { Kind: HandleKind.AssemblyReference } assembly => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)assembly).Name),
        _ => null,
    };
}
