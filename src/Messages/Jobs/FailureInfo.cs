using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>An exception as it is sent between processes.</summary>
/// <param name="TypeName">The full name of the exception's type.</param>
/// <param name="AssemblyName">The simple name of the assembly that declares it.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">The stack trace as text; null if it was not thrown.</param>
/// <param name="Data">The entries of <see cref="Exception.Data"/> with string keys, with their values as text.</param>
/// <param name="Inner">The inner exception.</param>
/// <param name="MoreInner">
/// The inner exceptions of an <see cref="AggregateException"/> after <paramref name="Inner"/>; otherwise empty.
/// </param>
/// <param name="Values">
/// The type arguments and fields of the exception, and the entries of its data whose key or value is not a string, with their types.
/// </param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record FailureInfo(
    string TypeName, string AssemblyName, string Message, string? StackTrace,
    ImmutableArray<KeyValuePair<string, string>> Data, FailureInfo? Inner,
    ImmutableArray<FailureInfo> MoreInner = default, ImmutableArray<FailureValue> Values = default)
{
    /// <summary>Creates a failure that the library itself reports, without an exception in user code.</summary>
    public static FailureInfo FromMessage(string typeName, string message) => new(typeName, "Actors", message, null, [], null);

    /// <summary>Throws before deep nesting exhausts the stack. This is the only contract that contains itself.</summary>
    [MemoryPackOnDeserializing]
    private static void EnsureStack() => System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
}

/// <summary>A field of an exception, an entry of its data, or a type argument.</summary>
/// <param name="Owner">
/// The full name of the type that declares the field; <see cref="FailureValues.DataOwner"/> or <see cref="FailureValues.PairOwner"/> for
/// data; <see cref="FailureValues.TypeOwner"/> for a type argument of the exception.
/// </param>
/// <param name="Name">The field's name, or the key.</param>
/// <param name="Type">The encoded type of the value; empty if the value is null or sent only as text.</param>
/// <param name="Value">The encoded value.</param>
/// <param name="Text">The value as text; null if the value is null.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record FailureValue(string Owner, string Name, ReadOnlyMemory<byte> Type, ReadOnlyMemory<byte> Value, string? Text);
