namespace Actors.Messages.Values;

internal sealed class ValueTupleFormatter<T1, T2> : ValueFormatter<(T1, T2)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
    }

    internal override (T1, T2) Read(ref ValueReader reader) => (reader.ReadValue<T1>(), reader.ReadValue<T2>());
}

internal sealed class ValueTupleFormatter<T1, T2, T3> : ValueFormatter<(T1, T2, T3)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2, T3) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
        writer.WriteValue(value.Item3);
    }

    internal override (T1, T2, T3) Read(ref ValueReader reader) => (reader.ReadValue<T1>(), reader.ReadValue<T2>(), reader.ReadValue<T3>());
}

internal sealed class ValueTupleFormatter<T1, T2, T3, T4> : ValueFormatter<(T1, T2, T3, T4)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2, T3, T4) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
        writer.WriteValue(value.Item3);
        writer.WriteValue(value.Item4);
    }

    internal override (T1, T2, T3, T4) Read(ref ValueReader reader) =>
        (reader.ReadValue<T1>(), reader.ReadValue<T2>(), reader.ReadValue<T3>(), reader.ReadValue<T4>());
}
