using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Messages.Values;

/// <summary>
/// Writes the variables of a closure that the function uses. A mask before them names the variables, so only the writer needs to know the
/// function. Other variables arrive as the default of their type.
/// </summary>
public sealed class ClosureFormatter<T> : ValueFormatter<T?>
    where T : class
{
    // The last bit stands for this field and all that follow.
    private const int LastBit = 63;
    private const int MaxReaders = 64;

    private readonly FieldInfo[] _fields = Closures.GetFields(typeof(T));
    private readonly ConcurrentDictionary<CapturedFields, (ulong Mask, WriteFields<T> Write)> _writers = new();
    private readonly ConcurrentDictionary<ulong, ReadFields<T>> _readers = new();

    public override void Write(ref ValueWriter writer, T? value)
    {
        writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        if (value is null)
        {
            return;
        }

        writer.RequireExact(value);
        var (mask, write) = _writers.GetOrAdd(writer.Captured, static (captured, formatter) => formatter.MakeWriter(captured), this);
        if (_fields.Length <= 8)
        {
            writer.WriteRaw((byte)mask);
        }
        else
        {
            writer.WriteRaw(mask);
        }

        writer.EnterLevel<T>();
        write(ref writer, ref value);
        writer.LeaveLevel();
    }

    public override T? Read(ref ValueReader reader)
    {
        if (!reader.ReadPresence())
        {
            return null;
        }

        var mask = _fields.Length <= 8 ? reader.ReadRaw<byte>() : reader.ReadRaw<ulong>();
        if (!_readers.TryGetValue(mask, out var read))
        {
            read = MakeReader(mask);
        }

        reader.EnterLevel();
        var value = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        read(ref reader, ref value);
        reader.LeaveLevel();
        return value;
    }

    private (ulong Mask, WriteFields<T> Write) MakeWriter(CapturedFields captured)
    {
        var mask = 0UL;
        for (var i = 0; i < _fields.Length; i++)
        {
            mask |= captured.Contains(_fields[i]) ? GetBit(i) : 0;
        }

        return (mask, ReflectedFields.MakeWriter<T>(FieldsIn(mask)));
    }

    private ReadFields<T> MakeReader(ulong mask)
    {
        if (_fields.Length <= LastBit && mask >> _fields.Length != 0)
        {
            throw new InvalidDataException($"The mask {mask:x} names more than the {_fields.Length} variables of the closure.");
        }

        if (_readers.Count >= MaxReaders)
        {
            _readers.Clear();
        }

        return _readers[mask] = ReflectedFields.MakeReader<T>(FieldsIn(mask));
    }

    private FieldInfo[] FieldsIn(ulong mask) => [.. _fields.Where((_, i) => (mask & GetBit(i)) != 0)];

    private static ulong GetBit(int field) => 1UL << Math.Min(field, LastBit);
}
