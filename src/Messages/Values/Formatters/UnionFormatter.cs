namespace Actors.Messages.Values;

/// <summary>
/// Writes an abstract class or interface that names its cases with <c>[MemoryPackUnion]</c>: the number of the case, then its value. The
/// reader accepts only the declared cases.
/// </summary>
public sealed class UnionFormatter<T> : ValueFormatter<T?>
    where T : class
{
    private readonly Type[] _cases = [.. MemoryPackAttributes.GetCases(typeof(T))];

    public override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is null)
        {
            return;
        }

        var number = Array.IndexOf(_cases, value.GetType());
        if (number < 0)
        {
            throw new NotCarriedException(
                $"{writer.DescribeLocation<T>()} holds a {TypeNames.GetFullName(value.GetType())}, which cannot be carried to another "
                + "process: "
                + $"no [MemoryPackUnion] of {TypeNames.GetFullName(typeof(T))} names it; add one.");
        }

        writer.WriteRaw((ushort)number);
        BoxedValue.ForType(_cases[number]).WriteValue(ref writer, value);
    }

    public override T? Read(ref ValueReader reader)
    {
        if (!reader.ReadPresence())
        {
            return null;
        }

        var number = reader.ReadRaw<ushort>();
        return number < _cases.Length && BoxedValue.ForType(_cases[number]).ReadValue(ref reader) is T value
            ? value
            : throw new InvalidDataException(
                $"{number} is not the number of a case of {TypeNames.GetFullName(typeof(T))}, or its value is null.");
    }
}
