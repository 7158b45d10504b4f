using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

public class UserTypeTests
{
    [Fact]
    public void Records_AndStructs_ComeBack()
    {
        Assert.Equal(new Point(1, 2), Carried.RoundTrip(new Point(1, 2)));
        Assert.Equal(new NamedPoint("n", 1, 2), Carried.RoundTrip(new NamedPoint("n", 1, 2)));
        var measures = Carried.RoundTrip(new[] { new Measure { Value = 1.5, Unit = "m" }, default });
        Assert.Equal((1.5, "m", null), (measures[0].Value, measures[0].Unit, measures[1].Unit));
        Assert.Equal(3, Carried.RoundTrip(new Empty[3]).Length);
        var anonymous = new { A = 1, B = "two" };
        Assert.Equal(anonymous, Carried.RoundTrip(anonymous));
        Assert.Null(Carried.RoundTrip<Point?>(null));
    }

    [Fact]
    public void Class_WithPrivateAndInheritedFields_ComesBackWhole()
    {
        var sent = new Employee("Ada", "s", "Co") { Age = 36, Children = { new Person("B", "t") }, Accounts = { ["x"] = 1.50m } };
        var back = Carried.RoundTrip(sent);
        Assert.Equal(("Ada", "s", "Co", 36), (back.Name, back.Secret, back.Company, back.Age));
        Assert.Equal(("B", "t"), (back.Children.Single().Name, back.Children.Single().Secret));
        Assert.Equal(1.50m, back.Accounts["x"]);
    }

    [Fact]
    public void NonSerializedField_IsLeftOut()
    {
        var back = Carried.RoundTrip(new WithLock { Count = 4 });
        Assert.Equal((4, null), (back.Count, back.Gate));
    }

    [Fact]
    public void ClassWithItsOwnCodec_InsideClassesAndLists_UsesIt()
    {
        var back = Carried.RoundTrip(new Holder(new Token(1), [new Token(2), null!]));
        Assert.Equal((1, true), (back.First.Id, back.First.CameBack));
        Assert.Equal((2, true), (back.More[0].Id, back.More[0].CameBack));
        Assert.Null(back.More[1]);
    }

    [Fact]
    public void CancellationToken_Anywhere_ArrivesAsTheJobs()
    {
        using var job = new CancellationTokenSource();
        var bytes = ValueSerializer.ToBytes(new Plain<CancellationToken>(CancellationToken.None));
        Assert.Equal(job.Token, ValueSerializer.ReadValue<Plain<CancellationToken>>(bytes.Span, job.Token).Value);
    }
}
