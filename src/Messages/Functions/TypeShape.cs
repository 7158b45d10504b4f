using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// Encodes the type of an exception's value with a hash over the fields of all types in it. A stored failure may be read by another build
/// of the program, in which the same bytes could be other fields.
/// </summary>
public static class TypeShape
{
    private static readonly ConcurrentDictionary<Type, byte[]> Known = new();

    /// <summary>Encodes a type with its hash.</summary>
    public static ReadOnlyMemory<byte> EncodeType(Type type) => Known.GetOrAdd(type, static type =>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(output);
        writer.WriteRaw(ComputeHash(type));
        TypeRef.FromType(type).WriteTo(ref writer);
        writer.FlushBuffer();
        return output.WrittenSpan.ToArray();
    });

    /// <summary>
    /// Decodes a type; null if this process does not have it or its fields differ. The name comes from the network, so only types that can
    /// be carried, from assemblies of the application, are accepted.
    /// </summary>
    public static Type? DecodeType(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ValueReader(bytes.Span);
        var hash = reader.ReadRaw<long>();
        var name = TypeRef.ReadFrom(ref reader);
        reader.RequireEnd();
        if (!IsHere(name))
            return null;
        var type = name.ResolveType();
        return TypeCheck.FindRefusal(type) is null && ComputeHash(type) == hash ? type : null;
    }

    private static bool IsHere(TypeRef name) =>
        (name.Assembly.Length == 0 || ApplicationAssemblies.FindAssembly(name.Assembly) is not null) && name.Arguments.All(IsHere);

    /// <summary>Computes a hash over the names and fields of all types in a type. Their assemblies do not matter.</summary>
    public static long ComputeHash(Type type)
    {
        var text = new StringBuilder();
        DescribeType(type, text, []);
        return BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Gets the parts of a type. The type arguments of a proxy represent its content.</summary>
    private static ImmutableArray<(string Label, Type Type)> GetParts(Type type)
    {
        var parts = TypePlan.ForType(type).Parts;
        return parts.IsEmpty && FrameworkAssemblies.IsLibraryType(type)
            ? [.. type.GetGenericArguments().Select(argument => ("", argument))]
            : parts;
    }

    private static void DescribeType(Type type, StringBuilder text, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return;
        var parts = GetParts(type);
        text.Append(TypeNames.GetFullName(type));
        if (type.IsEnum)
            text.Append(':').Append(type.GetEnumUnderlyingType().Name);
        foreach (var (label, part) in parts)
            text.Append(label).Append(' ').Append(TypeNames.GetFullName(part)).Append(';');
        foreach (var (_, part) in parts)
            DescribeType(part, text, seen);
    }
}
