using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

/// <summary>Programs in which no code may be made at run time, such as <c>dotnet run app.cs</c>, talk to others.</summary>
public class FieldReflectionTests
{
    [Fact]
    public void Class_WithPrivateAndInheritedFields_TravelsEitherWay() => TravelsEitherWay(
        new Employee("Ada", "s", "Co") { Age = 36, Children = { new Person("B", "t") }, Accounts = { ["x"] = 1.50m } },
        value => $"{value.Name} {value.Secret} {value.Company} {value.Age} {value.Children.Single().Name} {value.Accounts["x"]}");

    [Fact]
    public void Struct_TravelsEitherWay() =>
        TravelsEitherWay(new Measure { Value = 1.5, Unit = "m" }, value => $"{value.Value} {value.Unit}");

    [Fact]
    public void Record_WithNulls_TravelsEitherWay() =>
        TravelsEitherWay(new NamedPoint(null!, 1, 2), value => value.ToString());

    [Fact]
    public void DerivedInstance_IsRefusedWithTheNameOfItsMember()
    {
        var refused = Assert.Throws<NotCarriedException>(
            () => Write(FieldReflection.MakeWriter<Plain<Point>>, new Plain<Point>(new NamedPoint("n", 1, 2))));

        Assert.Contains("Plain.Value holds", refused.Message, StringComparison.Ordinal);
    }

    private static void TravelsEitherWay<T>(T value, Func<T, string> describe)
    {
        var fields = ReflectedFields.GetFields(typeof(T));
        var emitted = Write(ReflectedFields.MakeWriter<T>, value);
        var reflected = Write(FieldReflection.MakeWriter<T>, value);

        Assert.Equal(emitted.ToArray(), reflected.ToArray());
        Assert.Equal(describe(value), describe(Read(FieldReflection.MakeReader<T>(fields), emitted)));
        Assert.Equal(describe(value), describe(Read(ReflectedFields.MakeReader<T>(fields), reflected)));
    }

    private static ReadOnlyMemory<byte> Write<T>(Func<System.Reflection.FieldInfo[], WriteFields<T>> make, T value)
    {
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer);
        make(ReflectedFields.GetFields(typeof(T)))(ref writer, ref value);
        writer.FlushBuffer();
        return buffer.DetachBytes();
    }

    private static T Read<T>(ReadFields<T> read, ReadOnlyMemory<byte> bytes)
    {
        var reader = new ValueReader(bytes.Span);
        var value = typeof(T).IsValueType ? default! : (T)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(T));
        read(ref reader, ref value);
        reader.RequireEnd();
        return value;
    }
}
