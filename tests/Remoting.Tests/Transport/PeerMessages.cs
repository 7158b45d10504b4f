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

    public static PeerWatches NewWatches() => new(MaxWatches, _ => true);

    public static InboundFilter CreateFilter(string role) =>
        new(LinkRole.Coordinator, Address, new LinkPeer(LinkRoles.TryParse(role)!.Value, At, new byte[16]), NewWatches());

    public static byte[] DeathWatch(string type)
    {
        byte[] contents = [.. Field(1, Field(1, Encoding.UTF8.GetBytes(Own + "/user/coordinator"))),
            .. Field(2, Field(1, Encoding.UTF8.GetBytes(Peer + "/user/a")))];
        return Message(Own + "/user/coordinator", "", Payload(22, contents, $"Akka.Dispatch.SysMsg.{type}, Akka"));
    }

    public static FilterVerdict Judge(string role, byte[] bytes) => CreateFilter(role).JudgeMessage(bytes);

    public static byte[] Message(string recipient, string sender, byte[] payload)
    {
        byte[] from = sender.Length == 0 ? [] : Field(4, Field(1, Encoding.UTF8.GetBytes(sender)));
        return Field(1, Field(2,
            [.. Field(1, Field(1, Encoding.UTF8.GetBytes(recipient))), .. Field(2, payload), .. from, 0x29, 1, 0, 0, 0, 0, 0, 0, 0]));
    }

    public static byte[] Payload(int serializer, byte[]? contents = null, string manifest = "c.hello") =>
        [.. Field(1, contents ?? [1, 2, 3]), .. Number(2, serializer), .. Field(3, Encoding.UTF8.GetBytes(manifest))];

    public static byte[] Selection(string path) =>
        [.. Field(1, Payload(1001)), .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(name => Field(2, Name(name)))];

    public static byte[] Name(string name) => [.. Number(1, 2), .. Field(2, Encoding.UTF8.GetBytes(name))];

    public static byte[] Field(int number, ReadOnlySpan<byte> contents) =>
        [(byte)((number << 3) | 2), .. Varint((ulong)contents.Length), .. contents];

    public static byte[] Number(int number, long value) => [(byte)(number << 3), .. Varint((ulong)value)];

    public static byte[] Varint(ulong value) => value < 0x80 ? [(byte)value] : [(byte)(value | 0x80), .. Varint(value >> 7)];
}
