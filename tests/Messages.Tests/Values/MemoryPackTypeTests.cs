using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

/// <summary>Types that are marked for MemoryPack travel as all others do, and MemoryPack's reader sees none of their bytes.</summary>
public class MemoryPackTypeTests
{
    [Fact]
    public void MarkedType_InsideAClass_ComesBack()
    {
        var sent = new HasPacked(new Packed(1, "b"), 7);
        Assert.Equal(sent, Carried.RoundTrip(sent));
        Assert.Null(Carried.RoundTrip<Packed?>(null));
    }

    [Fact]
    public void MarkedType_ComesBackWithAllFieldsButIgnoredOnes_AndNoConstructorRuns()
    {
        var sent = new Session("a") { Note = "é", Counts = (3, 4), Callback = Console.WriteLine };
        var constructed = Session.Constructed;
        var back = Carried.RoundTrip(sent);
        Assert.Equal(("a", "é", (3, 4)), (back.User, back.Note, back.Counts));
        Assert.Null(back.Log);
        Assert.Null(back.Callback);
        Assert.Equal(constructed, Session.Constructed);
    }

    [Fact]
    public void Union_ComesBackAsTheCaseThatItWas()
    {
        var sent = new Sketch("s", [new Circle(1.5, new Square(2)), new Square(3), new Circle(2, null)]);
        var back = Carried.RoundTrip(sent);
        Assert.Equal(sent.Shapes, back.Shapes);
        Assert.Equal(new Answer<int>(5), Carried.RoundTrip<Reply<int>>(new Answer<int>(5)));
        Assert.Null(Carried.RoundTrip<IShape?>(null));
    }

    [Fact]
    public void Union_AnInstanceThatNoCaseNames_IsRefused()
    {
        var message = Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(new Sketch("s", [new Triangle(1)]))).Message;
        Assert.StartsWith("Sketch.Shapes holds a Actors.Messages.Tests.Values.Triangle", message, StringComparison.Ordinal);
        Assert.Contains("[MemoryPackUnion]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Union_ACaseThatCannotTravel_IsRefused_NamingTheCase() => Assert.Equal(
        "BadSketch.Shape (BadCase).Source: System.IO.Stream cannot be carried to another process; pass its path, or the data.",
        Assert.Throws<NotCarriedException>(ValueSerializer.RequireCarried<BadSketch>).Message);

    [Theory]
    [InlineData(2)]
    [InlineData(ushort.MaxValue)]
    public void Union_ANumberOfNoCase_IsInvalid(ushort number)
    {
        var bytes = ValueSerializer.ToBytes<IShape>(new Square(1)).ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), number);
        Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<IShape>(bytes));
    }

    [Fact]
    public void TypeWithACallback_IsRefused_NamingTheMethod()
    {
        foreach (var type in new[] { typeof(WithCallback), typeof(DerivedFromCallback), typeof(List<WithCallback>) })
        {
            var message = Assert.Throws<NotCarriedException>(() => ValueSerializer.RequireCarried(type)).Message;
            Assert.Contains("its method Restore is marked [MemoryPackOnDeserialized] and would not run", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CollectionOfItsOwn_IsRefused_AsWithoutTheMark() => Assert.Contains(
        "derives from System.Collections.Generic.List<System.Int32>",
        Assert.Throws<NotCarriedException>(ValueSerializer.RequireCarried<Numbers>).Message, StringComparison.Ordinal);

    /// <summary>Given such a header of a string, MemoryPack's reader reads outside of the bytes, and the process ends.</summary>
    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(int.MinValue + 3)]
    [InlineData(-5)]
    [InlineData(int.MaxValue)]
    public void ForgedLength_OfAMemberOfAMarkedType_IsInvalid(int length)
    {
        var valid = ValueSerializer.ToBytes(new Packed(1, "text")).ToArray();
        for (var at = 0; at < valid.Length; at++)
        {
            var bytes = valid.Concat(new byte[sizeof(int)]).ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), length);
            Assert.Throws<InvalidDataException>(() => ValueSerializer.ReadValue<Packed>(bytes));
        }
    }

    [Fact]
    public void CulturesAndBits_ComeBack()
    {
        Assert.Equal(CultureInfo.InvariantCulture, Carried.RoundTrip(CultureInfo.InvariantCulture));
        foreach (var count in new[] { 0, 1, 8, 9, 33, 1000 })
        {
            var bits = new BitArray(count);
            for (var i = 0; i < count; i += 3)
                bits[i] = true;
            Assert.Equal(bits.Cast<bool>(), Carried.RoundTrip(bits).Cast<bool>());
        }

        Assert.Null(Carried.RoundTrip<BitArray?>(null));
        Assert.Throws<InvalidDataException>(
            () => ValueSerializer.ReadValue<BitArray>(ValueSerializer.ToBytes((true, int.MaxValue, new byte[4])).Span));
        Assert.Throws<InvalidDataException>(
            () => ValueSerializer.ReadValue<BitArray>(ValueSerializer.ToBytes((true, -1, new byte[4])).Span));
    }
}
