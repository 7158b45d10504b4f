using Actors.Messages.Payloads;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Transport;
using Akka.Actor;

namespace Actors.Coordinator.Tests;

/// <summary>A data port and its peers, whose control connections are taken for granted.</summary>
internal static class LocalData
{
    /// <summary>Opens the data port of a coordinator.</summary>
    public static DataListener StartListening() =>
        DataListener.StartListening("127.0.0.1", 0, port => CreateParty(LinkRole.Coordinator, new HostPort("127.0.0.1", port)));

    /// <summary>Gives an actor system the connections of a program at an address.</summary>
    public static void Connect(ActorSystem system, HostPort address, LinkRole role = LinkRole.Client) =>
        system.RegisterExtension(new Provider(new DataLinks(CreateParty(role, address))));

    /// <summary>Sends a payload on the data port.</summary>
    public static Task SendAsync(ActorSystem from, DataListener to, PayloadId id, byte[] bytes) =>
        SendAsync(from, to, DataKey.ForPayload(id), bytes);

    /// <summary>Sends bytes on the data port.</summary>
    public static Task SendAsync(ActorSystem from, DataListener to, DataKey key, byte[] bytes) =>
        CreateTransfer(from, to, key).SendAsync(new MemoryStream(bytes), CancellationToken.None);

    /// <summary>Receives a payload from the data port.</summary>
    public static Task<byte[]> ReceiveAsync(ActorSystem to, DataListener from, PayloadId id, int length) =>
        ReceiveAsync(to, from, DataKey.ForPayload(id), length);

    /// <summary>Receives bytes from the data port.</summary>
    public static async Task<byte[]> ReceiveAsync(ActorSystem to, DataListener from, DataKey key, int length)
    {
        using var stream = new MemoryStream();
        await CreateTransfer(to, from, key).ReceiveAsync(length, stream, CancellationToken.None);
        return stream.ToArray();
    }

    /// <summary>Sends the first bytes of a content, and breaks the connection.</summary>
    /// <returns>The number of bytes that had arrived before.</returns>
    public static async Task<long> SendPartAsync(ActorSystem from, DataListener to, DataKey key, byte[] bytes)
    {
        using var link = await DataLinks.GetLinks(from).RentAsync(
            new DataEndpoint(new HostPort("127.0.0.1", 2), to.Port), CancellationToken.None);
        await DataFrames.WriteRequestAsync(link.Stream, new DataRequest(DataDirection.Put, key, 0), CancellationToken.None);
        var received = await DataFrames.ReadAnswerAsync(link.Stream, CancellationToken.None);
        await link.Stream.WriteAsync(bytes);
        return received;
    }

    private static DataTransfer CreateTransfer(ActorSystem system, DataListener listener, DataKey key) =>
        new(DataLinks.GetLinks(system), new DataEndpoint(new HostPort("127.0.0.1", 2), listener.Port), key);

    private static DataParty CreateParty(LinkRole role, HostPort address) => new(
        new LinkParty(role, address, new LinkKeys(null), [], new byte[LinkFrame.InstanceLength]),
        null, _ => true, TimeSpan.FromSeconds(60));

    private sealed class Provider(DataLinks links) : ExtensionIdProvider<DataLinks>
    {
        public override DataLinks CreateExtension(ExtendedActorSystem system) => links;
    }
}
