using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public class RefusalTests
{
    [Fact]
    public void StreamInAMember_IsRefused_NamingPathAndWayOut() =>
        Assert.Equal(
            "Order.Customer.Stream: System.IO.FileStream cannot be carried to another process; pass its path, or the data.",
            Refused<Order>());

    [Fact]
    public void TypesThatMeanNothingElsewhere_AreRefused_NamingTheMember()
    {
        Assert.Contains("HasDelegate.Callback: System.Action", Refused<HasDelegate>(), StringComparison.Ordinal);
        Assert.Contains("HasObject.Things[]: System.Object", Refused<HasObject>(), StringComparison.Ordinal);
        Assert.Contains("HasHandle.Handle: System.IntPtr", Refused<HasHandle>(), StringComparison.Ordinal);
        Assert.Contains("HasType.Kind: System.Type", Refused<HasType>(), StringComparison.Ordinal);
        Assert.Contains("HasTask.Pending: System.Threading.Tasks.Task<System.Int32>", Refused<HasTask>(), StringComparison.Ordinal);
        Assert.Contains("HasInterface.Resource: System.IDisposable", Refused<HasInterface>(), StringComparison.Ordinal);
    }

    [Fact]
    public void TypesByThemselves_AreRefused_NamingThem()
    {
        Assert.StartsWith("System.Object cannot", Refused<object>(), StringComparison.Ordinal);
        Assert.StartsWith("System.Threading.Timer cannot", Refused<Timer>(), StringComparison.Ordinal);
        Assert.StartsWith("System.Threading.Tasks.ValueTask<System.Int32> cannot", Refused<ValueTask<int>>(), StringComparison.Ordinal);
        Assert.Contains("derives from System.Collections.Generic.List<System.Int32>", Refused<MyList>(), StringComparison.Ordinal);
        Assert.Contains("grows without end", Refused<Grows<int>>(), StringComparison.Ordinal);
        Assert.Contains("[]: System.IO.Stream", Refused<Dictionary<string, Stream>>(), StringComparison.Ordinal);
    }

    [Fact]
    public void DerivedInstance_WhereTheBaseIsDeclared_IsRefused_NamingBothAndTheMember()
    {
        var named = new NamedPoint("n", 1, 2);
        var message = Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(new Drawing("d", [new Point(1, 1)], named))).Message;
        Assert.StartsWith("Drawing.Origin holds a Actors.Messages.Tests.Values.NamedPoint", message, StringComparison.Ordinal);
        Assert.Contains("declared Actors.Messages.Tests.Values.Point", message, StringComparison.Ordinal);
        message = Assert.Throws<NotCarriedException>(
            () => ValueSerializer.ToBytes(new Drawing("d", [new Point(1, 1), named], named))).Message;
        Assert.StartsWith("Drawing.Points holds a", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cycle_IsRefused()
    {
        var node = new Node();
        node.Next = node;
        var message = Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(node)).Message;
        Assert.Contains("nested deeper than 200 or refers to itself", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ComparerOfItsOwn_IsRefused()
    {
        var set = new SortedSet<int>(Comparer<int>.Create((a, b) => b - a));
        Assert.Contains(
            "comparer", Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(set)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AfterARefusal_TheNextValueIsWritten()
    {
        Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes(new List<Point> { new(1, 2), new NamedPoint("n", 1, 2) }));
        Assert.Equal(5, Carried.RoundTrip(5));
    }

    private static string Refused<T>() => Assert.Throws<NotCarriedException>(() => ValueSerializer.ToBytes<T>(default!)).Message;
}
