using System.Runtime.CompilerServices;

namespace Actors.Messages.Values;

/// <summary>Copies a user's class or struct as Python's pickle does: all fields, without calling a constructor at the receiver.</summary>
public sealed class ReflectedFormatter<T> : ValueFormatter<T?>
{
    // Each value takes at least one byte, even if its type has no fields.
    private static readonly bool HasHead = !typeof(T).IsValueType || ReflectedFields.GetFields(typeof(T)).Length == 0;

    private readonly WriteFields<T> _write = ReflectedFields.MakeWriter<T>(ReflectedFields.GetFields(typeof(T)));
    private readonly ReadFields<T> _read = ReflectedFields.MakeReader<T>(ReflectedFields.GetFields(typeof(T)));

    public override void Write(ref ValueWriter writer, T? value)
    {
        if (HasHead)
        {
            writer.WriteRaw(value is null ? (byte)0 : (byte)1);
        }

        if (value is null)
        {
            return;
        }

        if (!typeof(T).IsValueType)
        {
            writer.RequireExact(value);
        }

        writer.EnterLevel<T>();
        _write(ref writer, ref value);
        writer.LeaveLevel();
    }

    public override T? Read(ref ValueReader reader)
    {
        if (HasHead && !reader.ReadPresence())
        {
            return default;
        }

        reader.EnterLevel();
        var value = typeof(T).IsValueType ? default! : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        _read(ref reader, ref value);
        reader.LeaveLevel();
        return value;
    }
}

/// <summary>Writes the fields of a value.</summary>
public delegate void WriteFields<T>(ref ValueWriter writer, ref T value);

/// <summary>Reads the fields into a value.</summary>
public delegate void ReadFields<T>(ref ValueReader reader, ref T value);
