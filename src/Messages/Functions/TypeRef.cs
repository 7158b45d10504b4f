using System.Collections.Immutable;
using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>Identifies a type in another process.</summary>
/// <param name="Assembly">The simple name of its assembly; empty for the core library.</param>
/// <param name="Name">The full name of the type, or of its generic definition; empty for an array.</param>
/// <param name="Arguments">The type arguments; the item type for an array.</param>
/// <param name="ArrayRank">The number of dimensions of an array; 0 for other types.</param>
public sealed record TypeRef(string Assembly, string Name, ImmutableArray<TypeRef> Arguments, byte ArrayRank)
{
    private const int MaxDepth = 32;

    public static TypeRef FromType(Type type)
    {
        if (type.IsArray)
        {
            return new TypeRef("", "", [FromType(type.GetElementType()!)], (byte)type.GetArrayRank());
        }

        var name = (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;
        var assembly = type.Assembly == typeof(object).Assembly ? "" : type.Assembly.GetName().Name!;
        return new TypeRef(assembly, name, [.. type.GetGenericArguments().Select(FromType)], 0);
    }

    /// <summary>Gets the type in this process.</summary>
    /// <exception cref="FunctionNotFoundException">This process does not have the type.</exception>
    public Type ResolveType()
    {
        if (ArrayRank > 0)
        {
            var item = Arguments[0].ResolveType();
            return ArrayRank == 1 ? item.MakeArrayType() : item.MakeArrayType(ArrayRank);
        }

        var assembly = Assembly.Length == 0
            ? typeof(object).Assembly
            : System.Reflection.Assembly.Load(new AssemblyName { Name = Assembly });
        var definition = assembly.GetType(Name, throwOnError: false)
            ?? throw new FunctionNotFoundException($"The type {Name} is not in the assembly {assembly.GetName().Name} of this process.");
        return Arguments.IsEmpty ? definition : definition.MakeGenericType([.. Arguments.Select(argument => argument.ResolveType())]);
    }

    public void WriteTo(ref ValueWriter writer)
    {
        writer.WriteRaw(ArrayRank);
        writer.WriteString(Assembly);
        writer.WriteString(Name);
        WriteAll(ref writer, Arguments);
    }

    public static void WriteAll(ref ValueWriter writer, ImmutableArray<TypeRef> types)
    {
        writer.WriteRaw((byte)types.Length);
        foreach (var type in types)
        {
            type.WriteTo(ref writer);
        }
    }

    public static ImmutableArray<TypeRef> ReadAll(ref ValueReader reader, int depth = 0)
    {
        var count = reader.ReadRaw<byte>();
        var types = ImmutableArray.CreateBuilder<TypeRef>(count);
        for (var i = 0; i < count; i++)
        {
            types.Add(ReadFrom(ref reader, depth + 1));
        }

        return types.ToImmutable();
    }

    public static TypeRef ReadFrom(ref ValueReader reader, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"A type is nested deeper than {MaxDepth}.");
        }

        var rank = reader.ReadRaw<byte>();
        var assembly = reader.ReadString() ?? "";
        var name = reader.ReadString() ?? "";
        var arguments = ReadAll(ref reader, depth);
        return rank > 0 && arguments.Length != 1
            ? throw new InvalidDataException("An array has one item type.")
            : new TypeRef(assembly, name, arguments, rank);
    }
}
