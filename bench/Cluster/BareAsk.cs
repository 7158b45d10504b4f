using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;

namespace Cluster;

/// <summary>The baseline for one call: an echo actor in another process, reached through Akka.Remote with TLS.</summary>
internal sealed class BareAsk : IDisposable
{
    private readonly Process _other;
    private readonly ActorSystem _system;
    private readonly ActorSelection _echo;

    public BareAsk(string certificates, int port)
    {
        _other = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, ["echo", certificates, $"{port}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true
            })!;
        _other.StandardOutput.ReadLine();
        _system = Start(certificates, 0);
        _echo = _system.ActorSelection($"akka.ssl.tcp://echo@127.0.0.1:{port}/user/echo");
    }

    public async Task<IActorRef> FindAsync() => await _echo.ResolveOne(TimeSpan.FromSeconds(10));

    /// <summary>Runs the echo actor until the standard input ends. Called in the other process.</summary>
    public static void Serve(string certificates, int port)
    {
        using var system = Start(certificates, port);
        system.ActorOf<Echo>("echo");
        Console.WriteLine("listens");
        Console.In.ReadToEnd();
    }

    public void Dispose()
    {
        _system.Dispose();
        _other.StandardInput.Close();
        _other.WaitForExit();
        _other.Dispose();
    }

    private static ActorSystem Start(string directory, int port)
    {
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka {
              stdout-loglevel = ERROR
              loglevel = ERROR
              actor.provider = remote
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}}, enable-ssl = on }
            }
            """);
        using var read = X509Certificate2.CreateFromPemFile(Path.Combine(directory, "tls.crt"), Path.Combine(directory, "tls.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(directory, "ca.crt"));
        var tls = new DotNettySslSetup(
            certificate, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
            (peer, _, _, _, _) => peer?.Issuer == authority.Subject);
        return ActorSystem.Create("echo", BootstrapSetup.Create().WithConfig(config).And(tls));
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<int>(number => Sender.Tell(number));
    }
}
