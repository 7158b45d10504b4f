using System.Buffers;
using Actors.Messages.Values;

namespace Actors.Messages.Jobs;

/// <summary>Encodes values of an exception with their types, and decodes them if this process has the same types.</summary>
public static class FailureValues
{
    /// <summary>The owner of an entry of data with a string key.</summary>
    public const string DataOwner = "";

    /// <summary>The owner of an entry of data with another key: the value is a <see cref="KeyValuePair{TKey, TValue}"/>.</summary>
    public const string PairOwner = "[]";

    /// <summary>The owner of a type argument of a generic exception. It has a type and no value.</summary>
    public const string TypeOwner = "<>";

    /// <summary>Encodes the type arguments of an exception. Empty if one of them cannot be carried.</summary>
    public static IEnumerable<FailureValue> EncodeTypeArguments(Type exception)
    {
        var arguments = exception.GetGenericArguments();
        return arguments.Any(argument => TypeCheck.FindRefusal(argument) is not null)
            ? []
            : arguments.Select(argument => new FailureValue(TypeOwner, "", TypeShape.EncodeType(argument), default, null));
    }

    /// <summary>Reads the type arguments of an exception. Empty if it has none, or if this process does not have one of them.</summary>
    public static Type[] ReadTypeArguments(FailureInfo failure)
    {
        var sent = failure.Values.IsDefault ? [] : failure.Values.RemoveAll(value => value?.Owner != TypeOwner);
        var types = sent.Select(value => TypeShape.DecodeType(value.Type)).OfType<Type>().ToArray();
        return types.Length == sent.Length ? types : [];
    }

    /// <summary>
    /// Encodes a value with its type. A long string is cut, with a marker; of another value that is too large only the text is sent.
    /// </summary>
    /// <param name="owner">See <see cref="FailureValue"/>.</param>
    /// <param name="name">See <see cref="FailureValue"/>.</param>
    /// <param name="value">The value.</param>
    /// <param name="declared">The type to encode it as, if that can be carried; otherwise the type of the value is used.</param>
    /// <returns>Null if the value cannot be carried.</returns>
    public static FailureValue? EncodeValue(string owner, string name, object? value, Type? declared = null)
    {
        if (value is null)
            return new FailureValue(owner, name, default, default, null);
        var text = FailureLimits.CutText(FormatText(value));
        var content = value is string ? text! : value;
        foreach (var type in new[] { declared ?? content.GetType(), content.GetType() }.Distinct())
        {
            if (EncodeContent(type, content) is { } encoded)
            {
                return encoded.Length <= FailureLimits.LargestValue
                    ? new FailureValue(owner, name, TypeShape.EncodeType(type), encoded, text)
                    : new FailureValue(owner, name, default, default, text);
            }
        }

        return null;
    }

    /// <summary>Whether only the text of a value was sent, because the value or the whole exception is too large.</summary>
    public static bool IsCut(FailureValue value) => value.Type.IsEmpty && value.Text is not null;

    /// <summary>Decodes a value.</summary>
    /// <param name="value">The received value.</param>
    /// <param name="result">The value, or its text.</param>
    /// <returns>False if only text was sent.</returns>
    public static bool TryRead(FailureValue value, out object? result)
    {
        result = value.Text;
        if (value.Type.IsEmpty)
            return value.Text is null;
        if (TryGet(() => TypeShape.DecodeType(value.Type), null) is not { } type)
            return false;
        var (isRead, read) = TryGet(() => (true, BoxedValue.ForType(type).ReadValue(value.Value)), default);
        result = isRead ? read : result;
        return isRead;
    }

    /// <summary>Formats a value as text.</summary>
    public static string FormatText(object value) =>
        TryGet(() => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture), null) ?? "";

    private static ReadOnlyMemory<byte>? EncodeContent(Type type, object value)
    {
        if (TypeCheck.FindRefusal(type) is not null)
            return null;
        return TryGet<ReadOnlyMemory<byte>?>(
            () =>
            {
                var output = new ArrayBufferWriter<byte>();
                var writer = new ValueWriter(output);
                BoxedValue.ForType(type).WriteValue(ref writer, value);
                writer.FlushBuffer();
                return output.WrittenMemory;
            },
            null);
    }

    /// <summary>Runs code of the user. An exception that it throws must not lose the failure.</summary>
    public static T TryGet<T>(Func<T> get, T otherwise)
    {
#pragma warning disable CA1031 // Any exception at all, for the reason above.
        try
        {
            return get();
        }
        catch (Exception)
        {
            return otherwise;
        }
#pragma warning restore CA1031
    }
}
