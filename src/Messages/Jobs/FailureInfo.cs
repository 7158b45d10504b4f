using System.Collections.Immutable;
using MemoryPack;

namespace Actors.Messages.Jobs;

/// <summary>An exception in the form that travels.</summary>
/// <param name="TypeName">The full name of the exception's type.</param>
/// <param name="AssemblyName">The simple name of the assembly that declares it.</param>
/// <param name="Message">Its message.</param>
/// <param name="StackTrace">Where it was thrown, as text; null when it was not thrown.</param>
/// <param name="Data">The entries of <see cref="Exception.Data"/> with string keys, values as text.</param>
/// <param name="Inner">The inner exception.</param>
/// <param name="MoreInner">Of an <see cref="AggregateException"/> those inside after <paramref name="Inner"/>; else none.</param>
/// <param name="Values">The exception's fields, and the entries of its data whose key or value is not a string, with their types.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record FailureInfo(
    string TypeName, string AssemblyName, string Message, string? StackTrace,
    ImmutableArray<KeyValuePair<string, string>> Data, FailureInfo? Inner,
    ImmutableArray<FailureInfo> MoreInner = default, ImmutableArray<FailureValue> Values = default)
{
    /// <summary>A failure that the library itself states: no exception was thrown in user code.</summary>
    public static FailureInfo FromMessage(string typeName, string message) => new(typeName, "Actors", message, null, [], null);

    /// <summary>The one contract that holds itself: bytes that nest it without end must not end the process.</summary>
    [MemoryPackOnDeserializing]
    private static void EnsureStack() => System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
}

/// <summary>A field of an exception, or an entry of its data.</summary>
/// <param name="Owner">The full name of the type that declares the field; <see cref="FailureValues.DataOwner"/> or <see cref="FailureValues.PairOwner"/> for data.</param>
/// <param name="Name">The field's name, or the key.</param>
/// <param name="Type">The encoded type of the value; empty when the value is null, or travels as text alone.</param>
/// <param name="Value">The encoded value.</param>
/// <param name="Text">The value for people; null when the value is null.</param>
[MemoryPackable(GenerateType.VersionTolerant, SerializeLayout.Sequential)]
public sealed partial record FailureValue(string Owner, string Name, ReadOnlyMemory<byte> Type, ReadOnlyMemory<byte> Value, string? Text);
