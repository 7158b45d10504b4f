using System.Text;
using Actors.Remoting.Transport;
using static Actors.Remoting.Tests.Transport.PeerMessages;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Tests which contents of the framework's own messages are delivered.</summary>
public sealed class InboundContentsTests
{
    [Theory]
    [InlineData(3, "*")]
    [InlineData(1, "..")]
    [InlineData(2, "coordinator/x")]
    [InlineData(2, "")]
    public void Selection_WithAPattern_IsRefused(int type, string name)
    {
        byte[] selection = [.. Field(1, Payload(1001)), .. Field(2, [.. Number(1, 2), .. Field(2, "user"u8)]),
            .. Field(2, [.. Number(1, type), .. Field(2, Encoding.UTF8.GetBytes(name))])];

        Assert.Equal(FilterVerdict.Contents, Judge("coordinator", Message(Own + "/", Peer + "/user/a", Payload(6, selection))));
    }

    [Fact]
    public void Selection_BelowAnActor_IsRefused() =>
        Assert.Equal(FilterVerdict.Recipient,
            Judge("client", Message(Own + "/user/coordinator", Peer + "/user/a", Payload(6, Selection("/user/coordinator")))));

    [Fact]
    public void Selection_InASelection_IsRefused() => Assert.Equal(
        FilterVerdict.Contents,
        Judge("client", Message(Own + "/", Peer + "/user/a",
            Payload(6, [.. Field(1, Payload(6, Selection("/system/cluster"))), .. Field(2, [.. Number(1, 2), .. Field(2, "user"u8)])]))));

    [Theory]
    [InlineData("DeathWatchNotification", Peer, 0, true)]
    [InlineData("DeathWatchNotification", Other, 0, false)]
    [InlineData("DeathWatchNotification", Own, 0, false)]
    [InlineData("DeathWatchNotification", Peer, 1, false)]
    [InlineData("Terminate", Peer, 0, false)]
    [InlineData("Suspend", Peer, 0, false)]
    public void DeathWatch_OfAnActor_IsDeliveredFromItsOwnSystem(string type, string of, int isWholeSystem, bool isDelivered)
    {
        byte[] contents = [.. Field(1, Field(1, Encoding.UTF8.GetBytes(of + "/user/a"))), .. Number(2, 1), .. Number(3, isWholeSystem)];

        Assert.Equal(
            isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents,
            Judge("client", Message(Own + "/user/coordinator-" + Id, "", Payload(22, contents, $"Akka.Dispatch.SysMsg.{type}, Akka"))));
    }

    /// <summary>The framework keeps each watch in memory. A client could invent millions of watching actors.</summary>
    [Theory]
    [InlineData("client", false)]
    [InlineData("node", false)]
    [InlineData("coordinator", true)]
    public void Watch_AboveTheLimit_IsRefused(string role, bool isDelivered)
    {
        var filter = CreateFilter(role);
        for (var watch = 0; watch < MaxWatches; watch++)
            Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch")));

        Assert.Equal(isDelivered ? FilterVerdict.Allowed : FilterVerdict.TooManyWatches, filter.JudgeMessage(DeathWatch("Watch")));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Unwatch")));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch")));
    }

    /// <summary>
    /// The framework reads a message inside with any serializer. A chain of them overflowed the stack, and a compressed one filled the
    /// memory.
    /// </summary>
    [Theory]
    [InlineData("ID", 17, 8, true)]
    [InlineData("ID", 17, SmallMessageContents.MaxInnerLength + 1, false)]
    [InlineData("ID", 0, 0, true)]
    [InlineData("ID", 0, 1, false)]
    [InlineData("ID", 16, 0, false)]
    [InlineData("ID", 6, 8, false)]
    [InlineData("ID", 11, 8, false)]
    [InlineData("ID", 13, 8, false)]
    [InlineData("ID", 1001, 8, false)]
    [InlineData("AID", 17, 8, true)]
    [InlineData("AID", 16, 8, false)]
    [InlineData("STS", 17, 8, false)]
    [InlineData("failure", 17, 8, false)]
    [InlineData("PP", 17, 8, false)]
    [InlineData("K", 17, 8, false)]
    [InlineData("", 17, 8, false)]
    public void SmallMessage_WithAMessageInside_IsDeliveredIfThatIsTextOrANumber(
        string manifest, int serializer, int length, bool isDelivered)
    {
        var contents = Field(1, [.. Field(1, new byte[length]), .. Number(2, serializer)]);
        var expected = isDelivered ? FilterVerdict.Allowed : FilterVerdict.Contents;

        foreach (var role in new[] { "client", "node", "operator" })
        {
            var payload = Payload(16, contents, manifest);
            Assert.Equal(expected, Judge(role, Message(Own + "/user/coordinator", Peer + "/user/a", payload)));
            Assert.Equal(expected, Judge(role, Message(
                Own + "/", Peer + "/user/a",
                Payload(6, [.. Field(1, payload), .. Field(2, Name("user")), .. Field(2, Name("coordinator"))]))));
        }
    }
}
