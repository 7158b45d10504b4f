using System.Buffers.Binary;
using System.Text;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Encodes messages as a peer of any role may send them, and judges them as a coordinator does.</summary>
internal static class PeerMessages
{
    public const string Own = "akka.tcp://actors@10.0.0.1:4053";
    public const string Peer = "akka.tcp://actors@10.0.0.2:40000";
    public const string Other = "akka.tcp://actors@10.0.0.3:40000";
    public const string Id = "0123456789abcdef0123456789abcdef";
    public const string Sharding = "/system/sharding-" + Id + Id;
    public const int MaxWatches = 2;

    public static readonly Address Address = new("tcp", "actors", "10.0.0.1", 4053);
    public static readonly HostPort At = new("10.0.0.2", 40000);

    public static PeerWatches NewWatches() => new(MaxWatches, new WatchTotal(int.MaxValue), _ => true, _ => { });

    /// <summary>Creates a filter of a peer that has introduced itself.</summary>
    public static InboundFilter CreateFilter(string role, ulong uid = 7)
    {
        var filter = NewFilter(role);
        Assert.Equal(FilterVerdict.Allowed, filter.JudgeMessage(Introduction(uid)));
        return filter;
    }

    /// <summary>Creates a filter of a peer that has not introduced itself.</summary>
    public static InboundFilter NewFilter(string role) => new(
        LinkRole.Coordinator, Address, new LinkPeer(LinkRoles.TryParse(role)!.Value, At, new byte[16]), NewWatches(),
        _ => new NumberedMessages());

    public static byte[] Introduction(ulong uid) => Command(1, Field(2, [.. Field(1, Origin()), .. Fixed64(2, uid)]));

    public static byte[] Origin(string protocol = "tcp", string system = "actors", string host = "10.0.0.2", int port = 40000) =>
        [.. Field(1, Encoding.UTF8.GetBytes(system)), .. Field(2, Encoding.UTF8.GetBytes(host)), .. Number(3, port),
            .. Field(4, Encoding.UTF8.GetBytes(protocol))];

    /// <summary>Encodes a command to the framework.</summary>
    public static byte[] Command(long command, params byte[] more) => Field(2, [.. Number(1, command), .. more]);

    public static byte[] DeathWatch(
        string type, string watcher = Peer + "/user/a", ulong? number = null, string watched = "/user/coordinator")
    {
        byte[] contents = [.. Field(1, Field(1, Encoding.UTF8.GetBytes(Own + watched))),
            .. Field(2, Field(1, Encoding.UTF8.GetBytes(watcher)))];
        return Message(Own + "/user/coordinator", "", Payload(22, contents, $"Akka.Dispatch.SysMsg.{type}, Akka"), number);
    }

    public static FilterVerdict Judge(string role, byte[] bytes) => CreateFilter(role).JudgeMessage(bytes);

    /// <summary>Encodes a message.</summary>
    /// <param name="recipient">The path of the recipient.</param>
    /// <param name="sender">The path of the sender; empty for none.</param>
    /// <param name="payload">The contents.</param>
    /// <param name="number">The number in the order of messages of death watch; null for none.</param>
    public static byte[] Message(string recipient, string sender, byte[] payload, ulong? number = null)
    {
        byte[] from = sender.Length == 0 ? [] : Field(4, Field(1, Encoding.UTF8.GetBytes(sender)));
        return Field(1, Field(2,
            [.. Field(1, Field(1, Encoding.UTF8.GetBytes(recipient))), .. Field(2, payload), .. from,
                .. Fixed64(5, number ?? ulong.MaxValue)]));
    }

    public static byte[] Payload(int serializer, byte[]? contents = null, string manifest = "c.hello") =>
        [.. Field(1, contents ?? [1, 2, 3]), .. Number(2, serializer), .. Field(3, Encoding.UTF8.GetBytes(manifest))];

    public static byte[] Selection(string path) =>
        [.. Field(1, Payload(1001)), .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => Field(2, Name(name)))];

    public static byte[] Name(string name) => [.. Number(1, 2), .. Field(2, Encoding.UTF8.GetBytes(name))];

    public static byte[] Field(int number, ReadOnlySpan<byte> contents) =>
        [(byte)((number << 3) | 2), .. Varint((ulong)contents.Length), .. contents];

    public static byte[] Fixed64(int number, ulong value)
    {
        byte[] field = [(byte)((number << 3) | 1), .. new byte[sizeof(ulong)]];
        BinaryPrimitives.WriteUInt64LittleEndian(field.AsSpan(1), value);
        return field;
    }

    public static byte[] Number(int number, long value) => [(byte)(number << 3), .. Varint((ulong)value)];

    public static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
