using System.Reflection;
using System.Reflection.Emit;
using Actors.Messages.Objects;
using Actors.Objects.Containers;

namespace Actors.Client.Tests.Objects;

public class PublishedTypeTests
{
    [Fact]
    public void Mismatch_SameNameAndFieldsInAnotherAssembly_IsNone()
    {
        var (one, other) = (QueueOf(Made("One", typeof(int), typeof(string))), QueueOf(Made("Other", typeof(int), typeof(string))));

        PublishedType.RequireType(PublishedType.ToPublishedName(one), other, "orders");
    }

    [Fact]
    public void Mismatch_SameNameAndOtherFields_IsReported()
    {
        var (one, other) = (QueueOf(Made("One", typeof(int), typeof(string))), QueueOf(Made("Other", typeof(string), typeof(int))));

        var exception = Assert.Throws<InvalidCastException>(() =>
            PublishedType.RequireType(PublishedType.ToPublishedName(one), other, "orders"));

        Assert.Contains(
            "'orders' is a Actors.ManagedQueue<Shop.Order> of another program, in which the type has other "
            + "fields", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mismatch_AnotherTypeName_IsReported() =>
        Assert.Contains("is a Actors.ManagedQueue<System.Int32>, not", Assert.Throws<InvalidCastException>(
        () => PublishedType.RequireType(
            PublishedType.ToPublishedName(typeof(ManagedQueue<int>)), typeof(ManagedQueue<string>), "n")).Message,
                StringComparison.Ordinal);

    [Fact]
    public void Mismatch_TypeOfEarlierVersion_NamesTheType() =>
        PublishedType.RequireType("Actors.ManagedQueue<System.Int32>", typeof(ManagedQueue<int>), "n");

    [Fact]
    public void RequireKeyType_TypeWithOwnEquals_Throws()
    {
        KeyTypes.RequireKeyType(typeof(PlainKey));
        KeyTypes.RequireKeyType(typeof(ValueKey));
        KeyTypes.RequireKeyType(typeof((int, string)));
        KeyTypes.RequireKeyType(typeof(System.Numerics.BigInteger));
        KeyTypes.RequireKeyType(new { A = 1 }.GetType());
        Assert.Contains("its own Equals", Refused(typeof(OwnKey)), StringComparison.Ordinal);
        Assert.Contains("its own Equals", Refused(typeof((int, OwnKey))), StringComparison.Ordinal);
        Assert.Contains("its own Equals", Refused(typeof(DerivedKey)), StringComparison.Ordinal);
        Assert.Contains("AbsoluteUri", Refused(typeof(Uri)), StringComparison.Ordinal);
    }

    private static string Refused(Type type) => Assert.Throws<ArgumentException>(() => KeyTypes.RequireKeyType(type)).Message;

    private static Type QueueOf(Type item) => typeof(ManagedQueue<>).MakeGenericType(item);

    private static Type Made(string assembly, params Type[] fields)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(assembly), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule(assembly).DefineType("Shop.Order", TypeAttributes.Public | TypeAttributes.Class);
        for (var i = 0; i < fields.Length; i++)
            type.DefineField($"f{i}", fields[i], FieldAttributes.Public);
        return type.CreateType();
    }

    private sealed record PlainKey(string Name, int Number);

    private readonly record struct ValueKey(string Name);

    private record OwnKey(string Name)
    {
        public virtual bool Equals(OwnKey? other) => string.Equals(Name, other?.Name, StringComparison.OrdinalIgnoreCase);

        public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);
    }

    private sealed record DerivedKey(string Name, int Number) : OwnKey(Name);
}
