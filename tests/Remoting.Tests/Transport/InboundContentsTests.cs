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
            Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch", Watcher(watch))));
        var expected = isDelivered ? FilterVerdict.Allowed : FilterVerdict.TooManyWatches;

        Assert.Equal(expected, filter.JudgeMessage(DeathWatch("Watch", Watcher(MaxWatches))));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Unwatch", Watcher(0))));
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch", Watcher(0))));
    }

    /// <summary>The framework ignores each of these ends of a watch. When they counted, a client could watch without end.</summary>
    [Theory]
    [InlineData("none", "/user/coordinator", null)]
    [InlineData("0", "/user/other", null)]
    [InlineData("0", "/user/coordinator", 0UL)]
    public void Unwatch_ThatTheFrameworkIgnores_DoesNotCount(string watcher, string watched, ulong? number)
    {
        var filter = CreateFilter("client");
        for (var watch = 0; watch < MaxWatches; watch++)
            Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(DeathWatch("Watch", Watcher(watch), (ulong)watch)));

        filter.JudgeMessage(DeathWatch("Unwatch", $"{Peer}/user/{watcher}", number, watched));

        Assert.Equal(FilterVerdict.TooManyWatches, filter.JudgeMessage(DeathWatch("Watch", Watcher(MaxWatches))));
    }

    /// <summary>
    /// The framework stores each missing number before that of a message: one message of 200 bytes filled the memory, and blocked the
    /// thread of its socket.
    /// </summary>
    [Theory]
    [InlineData("client", 0, true)]
    [InlineData("node", 1, true)]
    [InlineData("client", 1L << 40, false)]
    [InlineData("node", 1L << 40, false)]
    [InlineData("operator", -2, false)]
    [InlineData("client", long.MaxValue, false)]
    [InlineData("coordinator", 1L << 40, true)]
    public void Message_WithANumber_IsDeliveredNearItsPredecessors(string role, long number, bool isDelivered) => Assert.Equal(
        isDelivered ? FilterVerdict.Allowed : FilterVerdict.Malformed,
        Judge(role, DeathWatch("Watch", number: unchecked((ulong)number))));

    /// <summary>The framework keeps a message with a number until its predecessors arrive.</summary>
    [Theory]
    [InlineData("client", 1001)]
    [InlineData("node", 16)]
    [InlineData("client", 6)]
    public void Message_WithANumberOtherThanDeathWatch_IsMalformed(string role, int serializer)
    {
        var payload = serializer == 6 ? Payload(6, Selection("/user/coordinator")) : Payload(serializer);
        Assert.Equal(FilterVerdict.Malformed,
            Judge(role, Message(Own + "/user/coordinator", Peer + "/user/a", payload, number: 0)));

        // Without the field, the framework reads the number 0.
        Assert.Equal(FilterVerdict.Malformed, Judge(role, Field(1, Field(2,
            [.. Field(1, Field(1, Encoding.UTF8.GetBytes(Own + "/user/coordinator"))), .. Field(2, payload),
                .. Field(4, Field(1, Encoding.UTF8.GetBytes(Peer + "/user/a")))]))));
    }

    [Fact]
    public void Message_WithANumberThatIsLarge_IsMalformed() => Assert.Equal(
        FilterVerdict.Malformed,
        Judge("client", DeathWatch("Watch", number: 0, watched: "/user/" + new string('a', InboundFilter.MaxFrameworkLength))));

    /// <summary>
    /// The framework takes the lower half of the number of an actor system. One system with two numbers could undo the count of its
    /// watches.
    /// </summary>
    [Theory]
    [InlineData("client", 1L, true)]
    [InlineData("node", int.MaxValue, true)]
    [InlineData("client", -1L, true)]
    [InlineData("client", (1L << 32) + 1, false)]
    [InlineData("node", 1L << 31, false)]
    [InlineData("client", long.MinValue, false)]
    [InlineData("coordinator", (1L << 32) + 1, true)]
    public void Introduction_NumberAboveThatOfTheFramework_IsMalformed(string role, long uid, bool isAccepted) => Assert.Equal(
        isAccepted ? FilterVerdict.Allowed : FilterVerdict.Malformed,
        NewFilter(role).JudgeMessage(Introduction(unchecked((ulong)uid))));

    /// <summary>The window belongs to an actor system, whose messages the framework has received until now.</summary>
    [Fact]
    public void Message_WithANumberBeforeTheIntroduction_IsMalformed() =>
        Assert.Equal(FilterVerdict.Malformed, NewFilter("client").JudgeMessage(DeathWatch("Watch", number: 0)));

    /// <summary>One acknowledgment of 16 MiB made the framework keep two million numbers.</summary>
    [Theory]
    [InlineData("client", 100, true)]
    [InlineData("client", 200, false)]
    [InlineData("node", 200, false)]
    [InlineData("coordinator", 200, true)]
    public void Acknowledgment_OfManyMissingNumbers_IsMalformed(string role, int missing, bool isAccepted)
    {
        byte[] acknowledgment = [.. Fixed64(1, 1000), .. Enumerable.Range(0, missing).SelectMany(number => Fixed64(2, (ulong)number))];

        Assert.Equal(isAccepted ? FilterVerdict.Allowed : FilterVerdict.Malformed, Judge(role, Field(1, Field(1, acknowledgment))));
    }

    private static string Watcher(int number) => $"{Peer}/user/{number}";

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
