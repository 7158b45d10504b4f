using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>
/// Names the type of a value of an exception, with a hash over the fields of all types in it: a stored failure may be read by another build, in which
/// the same bytes would mean other fields.
/// </summary>
internal static class TypeShape
{
    private static readonly ConcurrentDictionary<Type, byte[]> Known = new();

    /// <summary>The type and its hash.</summary>
    internal static ReadOnlyMemory<byte> EncodeType(Type type) => Known.GetOrAdd(type, static type =>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ValueWriter(output);
        writer.WriteRaw(ComputeHash(type));
        TypeRef.FromType(type).WriteTo(ref writer);
        writer.FlushBuffer();
        return output.WrittenSpan.ToArray();
    });

    /// <summary>
    /// The type in this process; null when it is not here, or has other fields. The name comes off a wire: only types that can be carried, from assemblies
    /// that the application has anyway.
    /// </summary>
    internal static Type? DecodeType(ReadOnlyMemory<byte> bytes)
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

    /// <summary>A hash over the names and fields of all types in it, whichever assembly they are in.</summary>
    internal static long ComputeHash(Type type)
    {
        var text = new StringBuilder();
        DescribeType(type, text, []);
        return BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The type arguments of a proxy stand for what it writes.</summary>
    private static ImmutableArray<(string Label, Type Type)> GetParts(Type type)
    {
        var parts = TypePlan.ForType(type).Parts;
        return parts.IsEmpty && FrameworkAssemblies.IsLibrary(type.Assembly.GetName().Name!)
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
