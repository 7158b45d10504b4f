using Actors.Remoting.Transport;
using static Actors.Remoting.Tests.Transport.PeerMessages;

namespace Actors.Remoting.Tests.Transport;

/// <summary>
/// Tests which instructions to the framework are delivered. An introduction that the filter does not see would make the framework take the
/// peer for any other program.
/// </summary>
public sealed class InboundInstructionTests
{
    private const uint Upper = 1U << 29;

    private static readonly byte[] Foreign = [.. Field(1, Origin(host: "10.0.0.3")), .. Fixed64(2, 7)];

    /// <summary>Protobuf reads tags of 32 bits, and drops the upper bits of a longer one: it read the field 2 here.</summary>
    [Fact]
    public void Introduction_BehindATagOfMoreThan32Bits_IsMalformed()
    {
        byte[] instruction = [.. Number(1, 1), .. LongTag(2), .. Varint((ulong)Foreign.Length), .. Foreign];

        AssertMalformed(Field(2, instruction));
    }

    /// <summary>Protobuf merges a repeated field.</summary>
    [Fact]
    public void Introduction_WithASecondOriginBehindALongTag_IsMalformed()
    {
        byte[] second = [.. LongTag(1), .. Varint((ulong)Origin(host: "10.0.0.3").Length), .. Origin(host: "10.0.0.3")];

        AssertMalformed(Command(1, Field(2, [.. Field(1, Origin()), .. second, .. Fixed64(2, 7)])));
    }

    [Fact]
    public void Introduction_WithATagThatIsNotTheShortest_IsMalformed() => AssertMalformed(
        Field(2, [.. Number(1, 1), 0x92, 0x80, 0x00, .. Varint((ulong)Foreign.Length), .. Foreign]));

    [Fact]
    public void Introduction_WithAnUnknownField_IsMalformed()
    {
        AssertMalformed(Command(1, Field(2, [.. Field(1, Origin()), .. Fixed64(2, 7), .. Field(3, "x"u8)])));
        AssertMalformed(Command(1, [.. Field(2, [.. Field(1, Origin()), .. Fixed64(2, 7)]), .. Field(3, "x"u8)]));
    }

    /// <summary>Protobuf ignores a field with another encoding, so the framework would read other values.</summary>
    [Fact]
    public void Introduction_WithAnotherEncoding_IsRefused()
    {
        AssertMalformed(Command(1, Field(2, [.. Field(1, Origin()), .. Number(2, 7)])));
        byte[] port = [0x1D, 0x40, 0x9C, 0, 0];
        byte[] origin = [.. Field(1, "actors"u8), .. Field(2, "10.0.0.2"u8), .. port, .. Field(4, "tcp"u8)];
        Assert.Equal(FilterVerdict.ForeignOrigin, NewFilter("client").JudgeMessage(Command(1, Field(2, Field(1, origin)))));
        byte[] serializer = [.. Field(1, "x"u8), 0x15, 0xE9, 3, 0, 0, .. Field(3, "c.hello"u8)];
        AssertMalformed(Message(Own + "/user/coordinator", Peer + "/user/a", serializer));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    public void Instruction_WithoutAKnownCommand_IsMalformed(long command) => AssertMalformed(Command(command));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Instruction_OtherThanAssociateWithAnIntroduction_IsMalformed(long command) =>
        AssertMalformed(Command(command, Field(2, Foreign)));

    [Fact]
    public void Message_WithNeitherContentsNorInstruction_IsMalformed()
    {
        AssertMalformed([]);
        AssertMalformed(Field(2, []));
    }

    /// <summary>A coordinator that was told so by another one leaves the cluster.</summary>
    [Theory]
    [InlineData("client", 5, (int)FilterVerdict.Removal)]
    [InlineData("node", 5, (int)FilterVerdict.Removal)]
    [InlineData("operator", 5, (int)FilterVerdict.Removal)]
    [InlineData("coordinator", 5, (int)FilterVerdict.Allowed)]
    [InlineData("client", 2, (int)FilterVerdict.Allowed)]
    [InlineData("node", 3, (int)FilterVerdict.Allowed)]
    [InlineData("client", 4, (int)FilterVerdict.Allowed)]
    public void Instruction_OfARole_IsDelivered(string role, long command, int verdict) =>
        Assert.Equal((FilterVerdict)verdict, Judge(role, Command(command)));

    /// <summary>The order of numbered messages belongs to one actor system.</summary>
    [Fact]
    public void Introduction_OfAnotherActorSystem_IsRefused()
    {
        var filter = CreateFilter("client", uid: 7);

        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(Introduction(7)));
        Assert.Equal(FilterVerdict.ForeignOrigin, filter.JudgeMessage(Introduction(8)));
    }

    private static void AssertMalformed(byte[] message) => Assert.Equal(FilterVerdict.Malformed, NewFilter("client").JudgeMessage(message));

    /// <summary>Encodes a tag of bytes whose upper bits Protobuf drops.</summary>
    private static byte[] LongTag(uint field) => Varint((((ulong)Upper + field) << 3) | 2);
}
