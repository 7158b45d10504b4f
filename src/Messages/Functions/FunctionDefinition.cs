using System.Collections.Immutable;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>
/// Identifies a method and how to call it. The method is given by its token in the module of one build. A name would be ambiguous for
/// overloads and change with every edit for lambdas, and other builds must be refused anyway.
/// </summary>
/// <param name="Assembly">The simple name of the assembly.</param>
/// <param name="ModuleVersion">The version id of its module, which identifies the build.</param>
/// <param name="MethodToken">The method's metadata token.</param>
/// <param name="DeclaringArguments">The type arguments of the declaring type.</param>
/// <param name="MethodArguments">The type arguments of the method.</param>
/// <param name="Signature">
/// The types of the parameters and the result of the delegate, if variance makes them differ from those of the method; otherwise empty.
/// </param>
/// <param name="Target">The type of the target, which is sent as the first argument; null if there is no target or it has no state.</param>
/// <param name="Shape">How the method is called.</param>
/// <param name="Reduce">
/// The function that combines two results, of shape <see cref="CallShape.Single"/>; null for other shapes than
/// <see cref="CallShape.MapReduce"/>.
/// </param>
public sealed record FunctionDefinition(
    string Assembly,
    Guid ModuleVersion,
    int MethodToken,
    ImmutableArray<TypeRef> DeclaringArguments,
    ImmutableArray<TypeRef> MethodArguments,
    ImmutableArray<TypeRef> Signature,
    TypeRef? Target,
    CallShape Shape,
    FunctionDefinition? Reduce = null)
{
    private const byte Version = 2;

    /// <summary>Encodes the definition. Equal definitions have equal bytes. The bytes of <see cref="Reduce"/> follow.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        WriteTo(ref writer);
        Reduce?.WriteTo(ref writer);
        writer.FlushBuffer();
        return buffer.DetachBytes();
    }

    /// <summary>Decodes a definition.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a definition.</exception>
    public static FunctionDefinition FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new ValueReader(bytes);
        var definition = ReadFrom(ref reader);
        if (definition.Shape == CallShape.MapReduce)
        {
            definition = definition with { Reduce = ReadReduce(ref reader) };
        }

        reader.RequireEnd();
        return definition;
    }

    private static FunctionDefinition ReadReduce(ref ValueReader reader) => ReadFrom(ref reader) is { Shape: CallShape.Single } reduce
        ? reduce
        : throw new InvalidDataException("The function that combines results has another shape than a single call.");

    private void WriteTo(ref ValueWriter writer)
    {
        writer.WriteRaw(Version);
        writer.WriteRaw((byte)Shape);
        writer.WriteString(Assembly);
        writer.WriteRaw(ModuleVersion);
        writer.WriteRaw(MethodToken);
        TypeRef.WriteAll(ref writer, DeclaringArguments);
        TypeRef.WriteAll(ref writer, MethodArguments);
        TypeRef.WriteAll(ref writer, Signature);
        TypeRef.WriteAll(ref writer, Target is null ? [] : [Target]);
    }

    private static FunctionDefinition ReadFrom(ref ValueReader reader)
    {
        if (reader.ReadRaw<byte>() is not Version and var version)
        {
            throw new InvalidDataException($"A function definition of version {version}; this process knows {Version}.");
        }

        var shape = (CallShape)reader.ReadRaw<byte>();
        var assembly = reader.ReadString() ?? "";
        var module = reader.ReadRaw<Guid>();
        var token = reader.ReadRaw<int>();
        var declaring = TypeRef.ReadAll(ref reader);
        var method = TypeRef.ReadAll(ref reader);
        var signature = TypeRef.ReadAll(ref reader);
        var target = TypeRef.ReadAll(ref reader);
        return shape <= CallShape.State && target.Length <= 1
            ? new FunctionDefinition(assembly, module, token, declaring, method, signature, target.FirstOrDefault(), shape)
            : throw new InvalidDataException("The function definition names an unknown shape, or several targets.");
    }
}
