using System.Collections.Immutable;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>
/// Which method to call and how. A method is named by its token in a module of one exact build: names would be ambiguous (overloads)
/// or change with every edit (lambdas), and another build must be refused in any case.
/// </summary>
/// <param name="Assembly">The simple name of the assembly.</param>
/// <param name="ModuleVersion">The build of its module.</param>
/// <param name="MethodToken">The method's metadata token.</param>
/// <param name="DeclaringArguments">The type arguments of the declaring type.</param>
/// <param name="MethodArguments">The type arguments of the method.</param>
/// <param name="Signature">The parameters and, last, the result as the caller's delegate has them, where variance makes them differ from the method's; else empty.</param>
/// <param name="Target">The type of the target, which travels as the first argument; null where there is none, or none with a state.</param>
/// <param name="Shape">How it is called.</param>
/// <param name="Reduce">The function that combines two results, of shape <see cref="CallShape.Single"/>; null unless the shape is <see cref="CallShape.MapReduce"/>.</param>
internal sealed record FunctionDefinition(
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
    private const byte Version = 1;

    /// <summary>The definition as bytes; equal definitions have equal bytes. The bytes of <see cref="Reduce"/> follow its own.</summary>
    internal ReadOnlyMemory<byte> ToBytes()
    {
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        WriteTo(ref writer);
        Reduce?.WriteTo(ref writer);
        writer.FlushBuffer();
        return buffer.DetachBytes();
    }

    /// <summary>The definition from its bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a definition.</exception>
    internal static FunctionDefinition FromBytes(ReadOnlySpan<byte> bytes)
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
        return shape <= CallShape.MapReduce && target.Length <= 1
            ? new FunctionDefinition(assembly, module, token, declaring, method, signature, target.FirstOrDefault(), shape)
            : throw new InvalidDataException("The function definition names an unknown shape, or several targets.");
    }
}
