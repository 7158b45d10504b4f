using System.Security.Cryptography;
using System.Text;
using Actors.Remoting.Access;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Transport;

/// <summary>The handshake without a connection: every attempt to bypass it is refused.</summary>
public sealed class LinkHandshakeTests
{
    private static readonly AccessKey Clients = AccessKey.FromBytes("of clients"u8.ToArray())!;
    private static readonly AccessKey Nodes = AccessKey.FromBytes("of nodes"u8.ToArray())!;
    private static readonly AccessKey Operators = AccessKey.FromBytes("of operators"u8.ToArray())!;
    private static readonly HostPort Coordinator = new("10.0.0.1", 4053);
    private static readonly HostPort Client = new("10.0.0.2", 40000);
    private static readonly HostPort Attacker = new("10.0.0.3", 40001);

    [Theory]
    [InlineData("client")]
    [InlineData("node")]
    public void Handshake_SameKey_ProvesBoth(string name)
    {
        var role = Role(name);
        var initiator = Initiate(Party(role, Client));
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));
        var reply = acceptor.ProcessFrame(initiator.CreateFirstFrame()!, LinkCertificates.None);
        var proof = initiator.ProcessFrame(reply.Send, LinkCertificates.None);
        var accepted = acceptor.ProcessFrame(proof.Send, LinkCertificates.None);
        var last = initiator.ProcessFrame(accepted.Send, LinkCertificates.None);

        Assert.Equal((role, Client), (accepted.Peer!.Role, accepted.Peer.Address));
        Assert.Equal((LinkRole.Coordinator, Coordinator), (last.Peer!.Role, last.Peer.Address));
        Assert.Null(last.Send);
    }

    /// <summary>The attacker forwards the connection of the coordinator to another coordinator.</summary>
    [Fact]
    public void Handshake_RelayedByAnotherAddress_IsRefused()
    {
        var other = new HostPort("10.0.0.4", 4053);
        var victim = Initiate(Party(LinkRole.Coordinator, Coordinator, Attacker), Attacker);
        var target = Accept(Party(LinkRole.Coordinator, other, Coordinator));

        Assert.Equal(LinkRefusalCode.Address, target.ProcessFrame(victim.CreateFirstFrame()!, LinkCertificates.None).Refusal!.Code);
    }

    /// <summary>The attacker also changes the target address, so the proofs are over different frames.</summary>
    [Fact]
    public void Handshake_RelayedWithAnotherTarget_IsRefused()
    {
        var victim = Initiate(Party(LinkRole.Client, Client), Attacker);
        var hello = victim.CreateFirstFrame()!;
        var meant = LinkFrame.TryReadIntroduction(hello, hasTarget: true, out _)!;
        var forged = LinkFrame.EncodeIntroduction(LinkFrameKind.Hello, meant with { Target = Coordinator });
        var reply = Accept(Party(LinkRole.Coordinator, Coordinator)).ProcessFrame(forged, LinkCertificates.None);
        var answered = LinkFrame.TryReadIntroduction(reply.Send, hasTarget: false, out var length)!;
        byte[] returned = [.. LinkFrame.EncodeIntroduction(LinkFrameKind.Reply, answered with { Address = Attacker }),
            .. reply.Send.AsSpan(length)];

        Assert.Equal(LinkRefusalCode.Address, victim.ProcessFrame(reply.Send, LinkCertificates.None).Refusal!.Code);
        var again = Initiate(Party(LinkRole.Client, Client), Attacker);
        again.CreateFirstFrame();
        Assert.Equal(LinkRefusalCode.Key, again.ProcessFrame(returned, LinkCertificates.None).Refusal!.Code);
    }

    /// <summary>TLS ends at the relay, so both sides see its certificate.</summary>
    [Fact]
    public void Handshake_RelayedThroughTls_IsRefused()
    {
        var initiator = Initiate(Party(LinkRole.Client, Client));
        var reply = Accept(Party(LinkRole.Coordinator, Coordinator))
            .ProcessFrame(initiator.CreateFirstFrame()!, new LinkCertificates([1], [3], [], []));

        Assert.Equal(LinkRefusalCode.Key, initiator.ProcessFrame(reply.Send, new LinkCertificates([2], [3], [], [])).Refusal!.Code);
    }

    [Fact]
    public void Handshake_Replayed_IsRefused()
    {
        var initiator = Initiate(Party(LinkRole.Client, Client));
        var hello = initiator.CreateFirstFrame()!;
        var proof = initiator.ProcessFrame(Accept(Party(LinkRole.Coordinator, Coordinator)).ProcessFrame(hello, LinkCertificates.None).Send,
            LinkCertificates.None).Send;
        var second = Accept(Party(LinkRole.Coordinator, Coordinator));

        second.ProcessFrame(hello, LinkCertificates.None);
        Assert.Equal(LinkRefusalCode.Key, second.ProcessFrame(proof, LinkCertificates.None).Refusal!.Code);
    }

    /// <summary>The attacker sends the proof of the acceptor back to it.</summary>
    [Fact]
    public void Handshake_Reflected_IsRefused()
    {
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));
        var reply = acceptor.ProcessFrame(Initiate(Party(LinkRole.Client, Client)).CreateFirstFrame()!, LinkCertificates.None).Send;
        LinkFrame.TryReadIntroduction(reply, hasTarget: false, out var length);
        var stolen = LinkFrame.TryReadPartsFrom(length, reply, LinkFrame.ProofLength)![0];

        Assert.Equal(LinkRefusalCode.Key,
            acceptor.ProcessFrame(LinkFrame.EncodeParts(LinkFrameKind.Proof, new byte[16], stolen), LinkCertificates.None).Refusal!.Code);
        Assert.Equal(LinkRefusalCode.Malformed, Accept(Party(LinkRole.Coordinator, Coordinator)).ProcessFrame(reply, LinkCertificates.None)
            .Refusal!.Code);
    }

    /// <summary>Neither key alone proves that a program is a coordinator, and neither proves the other role.</summary>
    [Theory]
    [InlineData("coordinator", true)]
    [InlineData("coordinator", false)]
    [InlineData("client", false)]
    [InlineData("node", true)]
    public void Handshake_KeyOfAnotherRole_IsRefused(string name, bool hasClientsKey)
    {
        var claimed = Role(name);
        var keys = new LinkKeys(hasClientsKey ? Clients : Nodes);
        var initiator = new InitiatorHandshake(Party(claimed, Client, Coordinator) with { Keys = keys }, Coordinator, Nonce());
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator, claimed == LinkRole.Coordinator ? Client : Coordinator));
        var hello = initiator.CreateFirstFrame();
        acceptor.ProcessFrame(hello, LinkCertificates.None);
        var transcript = new LinkTranscript(keys.Clients, hello, [], [], []);

        var step = acceptor.ProcessFrame(
            LinkFrame.EncodeParts(LinkFrameKind.Proof, new byte[16], transcript.ComputeInitiatorProof(new byte[16])),
            LinkCertificates.None);

        Assert.Equal(LinkRefusalCode.Key, step.Refusal!.Code);
        Assert.Null(step.Peer);
    }

    [Fact]
    public void Handshake_OperatorsKey_ProvesAnOperator()
    {
        var last = ConnectOperator(new LinkKeys(null, Operators: Operators), new LinkKeys(Clients, Nodes, Operators));

        Assert.Equal((LinkRole.Operator, Client), (last.Peer!.Role, last.Peer.Address));
    }

    /// <summary>The programs of a user on the loopback address share a key, and the user may kill them anyway.</summary>
    [Fact]
    public void Handshake_OperatorWithTheKeyOfTheUser_IsAnOperator()
    {
        var keys = new LinkKeys(AccessKey.FromUserKey("of the user"u8));

        Assert.Equal(LinkRole.Operator, ConnectOperator(keys, keys).Peer!.Role);
    }

    [Theory]
    [InlineData("the clients' key", "the operators' key", "the key is wrong")]
    [InlineData("the clients' key", "none", "no operators' key")]
    [InlineData("the operators' key", "none", "no operators' key")]
    [InlineData("none", "the operators' key", "--operator-key-file")]
    [InlineData("none", "none", "operators' key")]
    public void Handshake_OperatorWithAnotherKey_IsRefused(string own, string atCoordinator, string reason)
    {
        var step = ConnectOperator(new LinkKeys(null, Operators: KeyOf(own)), new LinkKeys(Clients, Nodes, KeyOf(atCoordinator)));

        Assert.Null(step.Peer);
        Assert.Equal(LinkRefusalCode.Key, step.Refusal!.Code);
        Assert.Contains(reason, step.Refusal.Reason, StringComparison.Ordinal);
    }

    /// <summary>
    /// The framework takes the address of a sender from the text of its path. A host that contains an address would give the peer the
    /// messages and the rights of another.
    /// </summary>
    [Theory]
    [InlineData("10.0.0.4:40000/x")]
    [InlineData("10.0.0.4:40000")]
    [InlineData("a@10.0.0.4")]
    [InlineData("10.0.0.4#1")]
    [InlineData("10.0.0.4 ")]
    [InlineData("")]
    public void Handshake_HostThatContainsAnAddress_IsRefused(string host)
    {
        var hello = Introduce(host);

        var step = Accept(Party(LinkRole.Coordinator, Coordinator)).ProcessFrame(hello, LinkCertificates.None);

        Assert.Equal(LinkRefusalCode.Malformed, step.Refusal?.Code);
    }

    /// <summary>The framework compares hosts in lower case. Otherwise a peer could use the address of another.</summary>
    [Fact]
    public void Handshake_HostInUpperCase_ProvesTheAddressInLowerCase()
    {
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));
        var hello = Introduce("NODE1");
        var reply = acceptor.ProcessFrame(hello, LinkCertificates.None).Send!;
        LinkFrame.TryReadIntroduction(reply, hasTarget: false, out var length);
        var transcript = new LinkTranscript(Clients, hello, reply[..length], [], []);

        var step = acceptor.ProcessFrame(
            LinkFrame.EncodeParts(LinkFrameKind.Proof, new byte[16], transcript.ComputeInitiatorProof(new byte[16])),
            LinkCertificates.None);

        Assert.Equal("node1:40000", step.Peer!.Address.ToString());
    }

    [Theory]
    [InlineData("client", true)]
    [InlineData("operator", true)]
    [InlineData("node", false)]
    [InlineData("coordinator", false)]
    public void Handshake_OperatorWithACertificateOfARole_IsAcceptedFromClients(string certified, bool isAccepted)
    {
        var certificates = new LinkCertificates([1], [2], [LinkRole.Coordinator], [Role(certified)]);

        Assert.Equal(isAccepted, certificates.AllowsRole(LinkRole.Operator));
    }

    [Theory]
    [InlineData("node", "client")]
    [InlineData("node", "coordinator")]
    [InlineData("client", "coordinator")]
    public void Handshake_CertificateOfAnotherRole_IsRefused(string certified, string claimed)
    {
        var certificates = new LinkCertificates([1], [2], [LinkRole.Coordinator], [Role(certified)]);
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator, Client));

        Assert.Equal(LinkRefusalCode.Role, acceptor.ProcessFrame(Initiate(Party(Role(claimed), Client)).CreateFirstFrame()!, certificates)
            .Refusal!.Code);
    }

    [Fact]
    public void Handshake_CertificateWithoutRole_IsRefusedByACertificateWithRole()
    {
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));

        var step = acceptor.ProcessFrame(Initiate(Party(LinkRole.Client, Client)).CreateFirstFrame()!,
            new LinkCertificates([1], [2], [LinkRole.Coordinator], []));

        Assert.Equal(LinkRefusalCode.Role, step.Refusal!.Code);
    }

    [Fact]
    public void Handshake_NodeWithACoordinatorsAddress_IsRefused()
    {
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator, Client));

        Assert.Equal(LinkRefusalCode.Address,
            acceptor.ProcessFrame(Initiate(Party(LinkRole.Node, Client)).CreateFirstFrame()!, LinkCertificates.None).Refusal!.Code);
    }

    [Fact]
    public void Handshake_FramesCutOrChanged_ProveNothing()
    {
        for (var bit = 0; bit < 8 * 200; bit++)
        {
            var initiator = Initiate(Party(LinkRole.Client, Client));
            var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));
            byte[][] frames = [initiator.CreateFirstFrame()!, [], []];
            for (var changed = 0; changed < 2; changed++)
            {
                foreach (var bad in new[] { Flip(frames[changed], bit),
                    frames[changed][..Math.Min(bit, Math.Max(frames[changed].Length - 1, 0))] })
                    Assert.Null(Play(bad, changed).Peer);
            }
        }
    }

    [Fact]
    public void Handshake_RandomFrames_ProveNothing()
    {
        var random = new Random(20);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            if (i % 2 == 0 && bytes.Length > 6)
                LinkFrame.EncodeParts((LinkFrameKind)random.Next(0, 8)).CopyTo(bytes, 0);
            Assert.Null(Accept(Party(LinkRole.Coordinator, Coordinator)).ProcessFrame(bytes, LinkCertificates.None).Peer);
            var initiator = Initiate(Party(LinkRole.Client, Client));
            initiator.CreateFirstFrame();
            Assert.Null(initiator.ProcessFrame(bytes, LinkCertificates.None).Peer);
        }
    }

    /// <summary>Runs a handshake in which one of the frames of the initiator is replaced.</summary>
    /// <returns>The last step of the acceptor.</returns>
    private static LinkStep Play(byte[] bad, int index)
    {
        var initiator = Initiate(Party(LinkRole.Client, Client));
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator));
        var hello = initiator.CreateFirstFrame()!;
        var reply = acceptor.ProcessFrame(index == 0 ? bad : hello, LinkCertificates.None);
        if (reply.Refusal is not null)
            return reply;
        var proof = initiator.ProcessFrame(reply.Send, LinkCertificates.None);
        return proof.Send is null ? default : acceptor.ProcessFrame(index == 1 ? bad : proof.Send, LinkCertificates.None);
    }

    private static byte[] Flip(byte[] frame, int bit)
    {
        byte[] changed = [.. frame];
        if (bit < 8 * changed.Length)
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
        else
            changed = [.. changed, 0];
        return changed;
    }

    private static AccessKey? KeyOf(string name) => name switch
    {
        "the clients' key" => Clients,
        "the operators' key" => Operators,
        _ => null,
    };

    /// <summary>Performs a handshake that believes every key of the peer until the coordinator's last step.</summary>
    private static LinkStep ConnectOperator(LinkKeys own, LinkKeys atCoordinator)
    {
        var initiator = Initiate(Party(LinkRole.Operator, Client) with { Keys = own });
        var acceptor = Accept(Party(LinkRole.Coordinator, Coordinator) with { Keys = atCoordinator });
        var hello = initiator.CreateFirstFrame();
        var reply = acceptor.ProcessFrame(hello, LinkCertificates.None);
        var proof = initiator.ProcessFrame(reply.Send, LinkCertificates.None);
        if (proof.Send is not null)
            return acceptor.ProcessFrame(proof.Send, LinkCertificates.None);
        if (proof.Refusal!.Reason != LinkKeyTexts.DescribeWrongKey(LinkKeyKind.Configured))
            return proof;
        var transcript = new LinkTranscript(own.Operators, hello, [], [], []);
        return acceptor.ProcessFrame(
            LinkFrame.EncodeParts(LinkFrameKind.Proof, new byte[16], transcript.ComputeInitiatorProof(new byte[16])),
                LinkCertificates.None);
    }

    /// <summary>Encodes the first frame of a client with any text as its host.</summary>
    private static byte[] Introduce(string host)
    {
        const string Placeholder = "placeholder";
        var frame = LinkFrame.EncodeIntroduction(
            LinkFrameKind.Hello,
            new LinkIntroduction(LinkRole.Client, LinkKeyKind.Configured, new HostPort(Placeholder, Client.Port), Coordinator, Nonce()));
        var at = frame.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Placeholder));
        return [.. frame[..(at - 1)], (byte)host.Length, .. Encoding.UTF8.GetBytes(host), .. frame[(at + Placeholder.Length)..]];
    }

    private static InitiatorHandshake Initiate(LinkParty self, HostPort? target = null) => new(self, target ?? Coordinator, Nonce());

    private static AcceptorHandshake Accept(LinkParty self) => new(self, Nonce());

    private static LinkRole Role(string name) => LinkRoles.TryParse(name)!.Value;

    private static byte[] Nonce() => RandomNumberGenerator.GetBytes(LinkFrame.NonceLength);

    private static LinkParty Party(LinkRole role, HostPort address, params HostPort[] coordinators) => new(
        role, address,
        role switch
        {
            LinkRole.Client => new LinkKeys(Clients),
            LinkRole.Node => new LinkKeys(Nodes),
            _ => new LinkKeys(Clients, Nodes),
        },
        coordinators, RandomNumberGenerator.GetBytes(LinkFrame.InstanceLength));
}
