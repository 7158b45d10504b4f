using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting.Access;
using Actors.Remoting.Data;
using Actors.Remoting.Tests.Data;
using Actors.Remoting.Transport;
using Actors.Testing;
using Akka.Actor;

namespace Actors.Remoting.Tests.Access;

/// <summary>
/// A certificate of anybody names an address for that of its issuer. Without the setting, a coordinator contacted this address and waited
/// for the answer, before it had refused the certificate.
/// </summary>
public sealed class CertificateDownloadTests : IDisposable
{
    private static readonly HostPort Any = new("127.0.0.1", 0);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestCertificates _certificates = new();
    private readonly TcpListener _named = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    public CertificateDownloadTests()
    {
        _named.Start();
        _certificate = TestCertificates.MakeWithUnknownIssuer(new Uri($"http://{_named.LocalEndpoint}/ca.crt"));
    }

    public void Dispose()
    {
        _named.Dispose();
        _certificates.Dispose();
        _certificate.Dispose();
    }

    [Fact]
    public void IsTrusted_CertificateThatNamesAnAddress_ContactsNobody()
    {
        Assert.False(CreateIdentity().IsTrusted(_certificate, SslPolicyErrors.None));

        Assert.False(_named.Pending());
    }

    [Fact]
    public async Task Connect_ToAControlPort_ContactsNobody()
    {
        var coordinator = ActorSystemStarter.Start(
            RoleConfiguration.CreateCoordinator(Any, [Any], null, isEncrypted: true),
            new LinkIdentity(new LinkKeys(DataHarness.Key), CreateIdentity(), []));

        await AssertRefusedAsync(ActorSystemStarter.GetAddress(coordinator).Port);

        await coordinator.Terminate();
    }

    [Fact]
    public async Task Connect_ToADataPort_ContactsNobody()
    {
        await using var harness = new DataHarness(CreateIdentity());

        await AssertRefusedAsync(harness.Listener.Port);
    }

    /// <summary>The attacker listens at the address of a coordinator.</summary>
    [Fact]
    public async Task Connect_FromADataLink_ContactsNobody()
    {
        using var attacker = new TcpListener(IPAddress.Loopback, 0);
        attacker.Start();
        var serving = ServeAsync(attacker);
        var party = new DataParty(
            new LinkParty(LinkRole.Client, Any, new LinkKeys(DataHarness.Key), [], new byte[LinkFrame.InstanceLength]), CreateIdentity(),
            _ => true, Patience);
        using var links = new DataLinks(party);

        await Assert.ThrowsAnyAsync<Exception>(
            () => links.RentAsync(new DataEndpoint(Any, ((IPEndPoint)attacker.LocalEndpoint).Port), default).WaitAsync(Patience));

        await serving;
        Assert.False(_named.Pending());
    }

    /// <summary>The certificate of the attacker. The attacker's program does not look for the issuer.</summary>
    private SslStreamCertificateContext Context =>
        SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);

    private TlsIdentity CreateIdentity() => TlsIdentity.ReadDirectory(_certificates.Make("program"))!;

    private async Task ServeAsync(TcpListener attacker)
    {
        using var victim = await attacker.AcceptTcpClientAsync();
        await using var stream = new SslStream(victim.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = Context })
                .WaitAsync(Patience);
            await stream.ReadExactlyAsync(new byte[1]);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // The program has refused the certificate.
        }
    }

    private async Task AssertRefusedAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "coordinator",
                ClientCertificateContext = Context,
#pragma warning disable CA5359 // The test is not about the identity of the coordinator.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }).WaitAsync(Patience);
            Assert.Equal(0, await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // Refused, as it must be.
        }

        Assert.False(_named.Pending());
    }
}
