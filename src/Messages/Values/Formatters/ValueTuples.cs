namespace Actors.Messages.Values;

internal sealed class ValueTupleFormatter<T1, T2> : ValueFormatter<(T1, T2)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2) value)
    {
        writer.Write(value.Item1);
        writer.Write(value.Item2);
    }

    internal override (T1, T2) Read(ref ValueReader reader) => (reader.Read<T1>(), reader.Read<T2>());
}

internal sealed class ValueTupleFormatter<T1, T2, T3> : ValueFormatter<(T1, T2, T3)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2, T3) value)
    {
        writer.Write(value.Item1);
        writer.Write(value.Item2);
        writer.Write(value.Item3);
    }

    internal override (T1, T2, T3) Read(ref ValueReader reader) => (reader.Read<T1>(), reader.Read<T2>(), reader.Read<T3>());
}

internal sealed class ValueTupleFormatter<T1, T2, T3, T4> : ValueFormatter<(T1, T2, T3, T4)>
{
    internal override void Write(ref ValueWriter writer, (T1, T2, T3, T4) value)
    {
        writer.Write(value.Item1);
        writer.Write(value.Item2);
        writer.Write(value.Item3);
        writer.Write(value.Item4);
    }

    internal override (T1, T2, T3, T4) Read(ref ValueReader reader) =>
        (reader.Read<T1>(), reader.Read<T2>(), reader.Read<T3>(), reader.Read<T4>());
}
