using Actors.Coordinator.Objects;
using Actors.Messages;
using Akka.Actor;

namespace Actors.Coordinator.Tests.Objects;

public sealed class ObjectMakersTests : Akka.TestKit.Xunit2.TestKit
{
    private readonly ObjectMakers _makers = new();
    private readonly ObjectId _first = ObjectId.New();
    private readonly ObjectId _second = ObjectId.New();

    [Fact]
    public void GetObjects_SeveralObjects_ReturnsThoseOfTheMaker()
    {
        var other = CreateTestProbe().Ref;
        _makers.Add(_first, TestActor);
        _makers.Add(_second, other);

        Assert.Equal([_first], _makers.GetObjects(TestActor));
        Assert.Equal([_second], _makers.GetObjects(other));
        Assert.Equal(other, _makers.FindMaker(_second));
    }

    [Fact]
    public void Remove_Object_ForgetsIt()
    {
        _makers.Add(_first, TestActor);
        _makers.Add(_second, TestActor);

        _makers.Remove(_first);
        _makers.Remove(_first);

        Assert.Null(_makers.FindMaker(_first));
        Assert.Equal([_second], _makers.GetObjects(TestActor));
        _makers.Remove(_second);
        Assert.Empty(_makers.GetObjects(TestActor));
    }
}
