namespace Actors.Messages.Values;

public sealed class ValueTupleFormatter<T1, T2> : ValueFormatter<(T1, T2)>
{
    public override void Write(ref ValueWriter writer, (T1, T2) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
    }

    public override (T1, T2) Read(ref ValueReader reader) => (reader.ReadValue<T1>(), reader.ReadValue<T2>());
}

public sealed class ValueTupleFormatter<T1, T2, T3> : ValueFormatter<(T1, T2, T3)>
{
    public override void Write(ref ValueWriter writer, (T1, T2, T3) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
        writer.WriteValue(value.Item3);
    }

    public override (T1, T2, T3) Read(ref ValueReader reader) => (reader.ReadValue<T1>(), reader.ReadValue<T2>(), reader.ReadValue<T3>());
}

public sealed class ValueTupleFormatter<T1, T2, T3, T4> : ValueFormatter<(T1, T2, T3, T4)>
{
    public override void Write(ref ValueWriter writer, (T1, T2, T3, T4) value)
    {
        writer.WriteValue(value.Item1);
        writer.WriteValue(value.Item2);
        writer.WriteValue(value.Item3);
        writer.WriteValue(value.Item4);
    }

    public override (T1, T2, T3, T4) Read(ref ValueReader reader) =>
        (reader.ReadValue<T1>(), reader.ReadValue<T2>(), reader.ReadValue<T3>(), reader.ReadValue<T4>());
}
