using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Actors.Remoting;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;
using Google.Protobuf;

namespace Actors.Cluster.Tests.Attacks;

/// <summary>
/// A connection of an attacker with a key: it completes the handshake as a program of any role and address, and then sends any bytes.
/// </summary>
internal sealed class ProvenConnection : IDisposable
{
    private readonly RawConnection _connection;
    private readonly HostPort _coordinator;
    private readonly LinkParty _self;

    private ProvenConnection(RawConnection connection, HostPort coordinator, LinkParty self) =>
        (_connection, _coordinator, _self) = (connection, coordinator, self);

    /// <summary>The frames of the handshake that were sent.</summary>
    public List<byte[]> Recorded { get; } = [];

    /// <summary>The last answer of the handshake.</summary>
    public LinkFrameKind Answer { get; private set; }

    /// <summary>Creates the identity of an attacker.</summary>
    /// <param name="address">The address that it claims.</param>
    /// <param name="role">The role that it claims.</param>
    /// <param name="keys">Its keys; null for the key of the user.</param>
    public static LinkParty CreateParty(HostPort address, LinkRole role = LinkRole.Client, LinkKeys? keys = null) => new(
        role, address, keys ?? new LinkIdentity(new LinkKeys(null), null, []).GetKeysFor("127.0.0.1"), [],
        RandomNumberGenerator.GetBytes(LinkFrame.InstanceLength));

    /// <summary>Opens a connection, and carries out the handshake until its last answer.</summary>
    /// <param name="port">The port of the coordinator.</param>
    /// <param name="self">The identity, from <see cref="CreateParty"/>.</param>
    /// <param name="source">The IP address of this end; null for any.</param>
    public static async Task<ProvenConnection> OpenAsync(int port, LinkParty self, IPAddress? source = null)
    {
        var coordinator = new HostPort("127.0.0.1", port);
        var connection = new ProvenConnection(await RawConnection.OpenAsync(port, source: source), coordinator, self);
        await connection.ShakeHandsAsync();
        return connection;
    }

    /// <summary>Introduces itself to the framework, which reads messages for actors afterward.</summary>
    public Task IntroduceAsync() => _connection.SendFrameAsync(EnvelopeWriter.Encode(protocol => WriteMessage(protocol, 2, instruction =>
    {
        instruction.WriteTag(1, WireFormat.WireType.Varint);
        instruction.WriteInt32(1);
        WriteMessage(instruction, 2, introduction =>
        {
            WriteMessage(introduction, 1, WriteAddress);
            introduction.WriteTag(2, WireFormat.WireType.Fixed64);
            introduction.WriteFixed64(7);
        });
    })));

    /// <summary>Sends a message.</summary>
    /// <param name="path">The path of the recipient, without its address.</param>
    /// <param name="payload">The contents, from <see cref="EnvelopeWriter.CreatePayload"/>.</param>
    /// <param name="sender">The path of the sender, without its address.</param>
    public Task SendAsync(string path, byte[] payload, string sender = "/user/attacker")
    {
        var message = EnvelopeWriter.CreateMessage($"{SystemAt(_coordinator)}{path}", $"{SystemAt(_self.Address)}{sender}", payload);
        return _connection.SendFrameAsync(message.Payload.ToByteArray());
    }

    /// <summary>Asks an actor for its identity.</summary>
    /// <param name="path">The path of the actor, without its address.</param>
    /// <param name="asker">The path to which the answer goes, without its address.</param>
    public Task IdentifyAsync(string path, string asker) =>
        SendAsync(path, EnvelopeWriter.CreatePayload(SmallMessageContents.Serializer, "ID", []), asker);

    /// <summary>Waits for the next message for an actor.</summary>
    /// <returns>The path of its recipient, without the address.</returns>
    public async Task<string> ReadRecipientAsync()
    {
        var limit = Stopwatch.StartNew();
        string? recipient;
        do
        {
            // Heartbeats of the connection have no recipient, and arrive without end.
            Assert.True(limit.Elapsed < PeerClose.Limit, "No message for an actor has arrived.");
            recipient = FindRecipient(await _connection.ReadFrameAsync());
        }
        while (recipient is null);
        return recipient[SystemAt(_self.Address).Length..];
    }

    /// <summary>Sends a frame with any contents.</summary>
    public Task SendFrameAsync(byte[] frame) => _connection.SendFrameAsync(frame);

    /// <summary>Waits until the coordinator closes the connection.</summary>
    public Task WaitForCloseAsync() => _connection.WaitForCloseAsync();

    /// <summary>Sends any bytes, until the coordinator does not read further or the time is over.</summary>
    public Task TrySendAsync(ReadOnlyMemory<byte> bytes, CancellationToken limit) => _connection.TrySendAsync(bytes, limit);

    public void Dispose() => _connection.Dispose();

    private static string SystemAt(HostPort at) => $"akka.tcp://{Endpoints.SystemName}@{at}";

    private static string? FindRecipient(byte[] frame) =>
        Envelope.TryReadProtocolMessage(frame, out var payload, out _) && Envelope.TryRead(payload, out var envelope)
        && !envelope.Recipient.IsEmpty
            ? Encoding.UTF8.GetString(envelope.Recipient)
            : null;

    private static void WriteMessage(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(EnvelopeWriter.Encode(write)));
    }

    private async Task ShakeHandsAsync()
    {
        var handshake = new InitiatorHandshake(_self, _coordinator, RandomNumberGenerator.GetBytes(LinkFrame.NonceLength));
        await SendRecordedAsync(handshake.CreateFirstFrame());
        var reply = await _connection.ReadFrameAsync();
        Answer = LinkFrame.TryReadHeader(reply)!.Value.Kind;
        if (handshake.ProcessFrame(reply, LinkCertificates.None).Send is not { } proof)
            return;
        await SendRecordedAsync(proof);
        Answer = LinkFrame.TryReadHeader(await _connection.ReadFrameAsync())!.Value.Kind;
    }

    private Task SendRecordedAsync(byte[] frame)
    {
        Recorded.Add(frame);
        return _connection.SendFrameAsync(frame);
    }

    private void WriteAddress(CodedOutputStream output)
    {
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString(Endpoints.SystemName);
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteString(_self.Address.Host);
        output.WriteTag(3, WireFormat.WireType.Varint);
        output.WriteUInt32((uint)_self.Address.Port);
        output.WriteTag(4, WireFormat.WireType.LengthDelimited);
        output.WriteString("tcp");
    }
}
