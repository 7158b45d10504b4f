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

    /// <summary>Gives an actor system the connections of a client at an address.</summary>
    public static void Connect(ActorSystem system, HostPort address) =>
        system.RegisterExtension(new Provider(new DataLinks(CreateParty(LinkRole.Client, address))));

    /// <summary>Sends bytes on the data port.</summary>
    public static Task SendAsync(ActorSystem from, DataListener to, PayloadId id, byte[] bytes) =>
        CreateTransfer(from, to, id).SendAsync(new MemoryStream(bytes), CancellationToken.None);

    /// <summary>Receives bytes from the data port.</summary>
    public static async Task<byte[]> ReceiveAsync(ActorSystem to, DataListener from, PayloadId id, int length)
    {
        using var stream = new MemoryStream();
        await CreateTransfer(to, from, id).ReceiveAsync(length, stream, CancellationToken.None);
        return stream.ToArray();
    }

    /// <summary>Sends the first bytes of a content, and breaks the connection.</summary>
    public static async Task SendPartAsync(ActorSystem from, DataListener to, PayloadId id, byte[] bytes)
    {
        using var link = await DataLinks.GetLinks(from).RentAsync(
            new DataEndpoint(new HostPort("127.0.0.1", 2), to.Port), CancellationToken.None);
        var request = new DataRequest(DataDirection.Put, DataKey.ForPayload(id), 0);
        await DataFrames.WriteRequestAsync(link.Stream, request, CancellationToken.None);
        await DataFrames.ReadAnswerAsync(link.Stream, CancellationToken.None);
        await link.Stream.WriteAsync(bytes);
    }

    private static DataTransfer CreateTransfer(ActorSystem system, DataListener listener, PayloadId id) => new(
        DataLinks.GetLinks(system), new DataEndpoint(new HostPort("127.0.0.1", 2), listener.Port), DataKey.ForPayload(id));

    private static DataParty CreateParty(LinkRole role, HostPort address) => new(
        new LinkParty(role, address, new LinkKeys(null), [], new byte[LinkFrame.InstanceLength]),
        null, _ => true, TimeSpan.FromSeconds(60));

    private sealed class Provider(DataLinks links) : ExtensionIdProvider<DataLinks>
    {
        public override DataLinks CreateExtension(ExtendedActorSystem system) => links;
    }
}
