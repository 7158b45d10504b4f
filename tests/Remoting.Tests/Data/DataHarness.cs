using System.Security.Cryptography;
using Actors.Messages;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Tests.Bundles;
using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Data;

/// <summary>A coordinator's data port, its peers, and a directory of files.</summary>
internal sealed class DataHarness : IAsyncDisposable
{
    public static readonly HostPort Client = new("127.0.0.1", 1);
    public static readonly HostPort OtherClient = new("127.0.0.1", 4);
    public static readonly HostPort Coordinator = new("127.0.0.1", 2);
    public static readonly HostPort OtherCoordinator = new("127.0.0.1", 3);

    private readonly List<DataLinks> _links = [];
    private readonly TestDirectory _directory = new();
    private readonly TlsIdentity? _tls;
    private readonly TimeSpan _handshakeTimeout;

    /// <param name="tls">The coordinator's certificate; null without TLS.</param>
    /// <param name="handshakeTimeout">The time limit of a handshake.</param>
    /// <param name="isConnected">Whether a peer has a control connection.</param>
    /// <param name="sessions">The connections of the data port; null for the default limits.</param>
    public DataHarness(
        TlsIdentity? tls = null, TimeSpan? handshakeTimeout = null, Func<LinkPeer, bool>? isConnected = null, DataSessions? sessions = null)
    {
        (_tls, _handshakeTimeout) = (tls, handshakeTimeout ?? TimeSpan.FromSeconds(30));
        Proxy = new CuttingProxy();
        Listener = DataListener.StartListening(
            "127.0.0.1", 0,
            _ => CreateParty(LinkRole.Coordinator, new HostPort("127.0.0.1", Proxy.Port), Key, tls) with
            {
                IsConnected = isConnected ?? (_ => true),
            },
            sessions);
        Proxy.Start(Listener.Port);
    }

    public static AccessKey Key { get; } = AccessKey.FromBytes("the key of the clients"u8.ToArray())!;

    public DataListener Listener { get; }

    public CuttingProxy Proxy { get; }

    public DataEndpoint Endpoint => new(Coordinator, Proxy.Port);

    /// <summary>Creates a peer.</summary>
    public DataLinks Connect(AccessKey? key = null, HostPort? address = null, LinkRole role = LinkRole.Client, TlsIdentity? tls = null) =>
        Connect(CreateParty(role, address ?? Client, key ?? Key, tls ?? _tls));

    /// <summary>Creates the identity of a client.</summary>
    public DataParty CreateParty(HostPort? address = null) => CreateParty(LinkRole.Client, address ?? Client, Key, _tls);

    /// <summary>Creates a peer with an identity.</summary>
    public DataLinks Connect(DataParty party)
    {
        var links = new DataLinks(party);
        _links.Add(links);
        return links;
    }

    public DataTransfer CreateTransfer(DataKey key, DataLinks? links = null) => new(links ?? Connect(), Endpoint, key);

    /// <summary>Expects an upload from the client into a new file.</summary>
    public (IncomingFile File, string Path) Expect(DataKey key, long length)
    {
        var path = Path.Combine(_directory.Path, Path.GetRandomFileName());
        File.WriteAllBytes(path, []);
        var file = new IncomingFile(
            key.Kind, length, () => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        Listener.Files.AddUpload(Client, key, file);
        return (file, path);
    }

    /// <summary>Lets the client download bytes.</summary>
    public void Offer(DataKey key, byte[] bytes)
    {
        var path = Path.Combine(_directory.Path, Path.GetRandomFileName());
        File.WriteAllBytes(path, bytes);
        Listener.Files.AddReader(Client, key, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
    }

    /// <summary>Serves a file as code.</summary>
    public void ServeCode(BundleId content, byte[] bytes)
    {
        var path = Path.Combine(_directory.Path, $"{content}");
        File.WriteAllBytes(path, bytes);
        Listener.Files.ServeCode(requested => requested == content
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : throw new DataRefusedException("It is not stored here."));
    }

    /// <summary>Completes when the other side has closed a connection.</summary>
    public static async Task WaitForCloseAsync(Stream stream)
    {
        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _links.ForEach(links => links.Dispose());
        Listener.Dispose();
        await Proxy.DisposeAsync();
        _directory.Dispose();
    }

    private DataParty CreateParty(LinkRole role, HostPort address, AccessKey key, TlsIdentity? tls)
    {
        HostPort[] coordinators = role == LinkRole.Coordinator ? [Coordinator, OtherCoordinator] : [];
        var party = new LinkParty(
            role, address, new LinkKeys(key), coordinators, RandomNumberGenerator.GetBytes(LinkFrame.InstanceLength));
        return new DataParty(party, tls, _ => true, _handshakeTimeout);
    }
}
