namespace Actors.Messages.Objects.Kinds;

/// <summary>Gets the value.</summary>
public readonly record struct ValueGet : IObjectRequest<ValueGet, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.GetValue;
}

/// <summary>Sets the value.</summary>
public readonly record struct ValueSet(ReadOnlyMemory<byte> Value) : IObjectRequest<ValueSet, StatusReply>
{
    public static ObjectOperation Operation => ObjectOperation.SetValue;

    public static CallContent ToContent(ValueSet request) => new([request.Value]);

    public static ValueSet? FromCall(ObjectCall call) => call.Payloads is [var value] ? new(value) : null;
}

/// <summary>Replaces the expected value. If the value is another: <see cref="ObjectStatus.Conflict"/> with that value.</summary>
public readonly record struct ValueReplace(ReadOnlyMemory<byte> Expected, ReadOnlyMemory<byte> Value)
    : IObjectRequest<ValueReplace, ItemReply>
{
    public static ObjectOperation Operation => ObjectOperation.ReplaceValue;

    public static CallContent ToContent(ValueReplace request) => new([request.Expected, request.Value]);

    public static ValueReplace? FromCall(ObjectCall call) => call.Payloads is [var expected, var value] ? new(expected, value) : null;
}
