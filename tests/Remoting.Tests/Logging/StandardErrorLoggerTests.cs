using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Actors.Remoting.Logging;
using Akka.Event;

namespace Actors.Remoting.Tests.Logging;

public class StandardErrorLoggerTests
{
    private static Type ServerHandler => FindFrameworkType("Akka.Remote.Transport.DotNetty.TcpServerHandler");

    private static Type ClientHandler => FindFrameworkType("Akka.Remote.Transport.DotNetty.TcpClientHandler");

    [Fact]
    public void IsBrokenLink_DisassociatedException_IsTrue()
    {
        var type = FindFrameworkType("Akka.Remote.EndpointDisassociatedException");
        var cause = (Exception)RuntimeHelpers.GetUninitializedObject(type);

        Assert.True(StandardErrorLogger.IsBrokenLink(new Error(cause, "endpointWriter", typeof(object), "Disassociated")));
    }

    /// <summary>
    /// A client closes such a connection when it checks whether a coordinator listens; a coordinator that ends closes others.
    /// </summary>
    [Fact]
    public void IsBrokenLink_ConnectionClosedBeforeTls_IsTrue()
    {
        Assert.True(IsBroken(new IOException("Channel is closed"), ServerHandler));
        Assert.True(IsBroken(new IOException("Channel is closed"), ClientHandler));
    }

    /// <summary>A rejected certificate needs the attention of an operator.</summary>
    [Fact]
    public void IsBrokenLink_CertificateIsRejected_IsFalse()
    {
        Assert.False(IsBroken(new AuthenticationException(), ServerHandler));
        Assert.False(IsBroken(new AuthenticationException(), ClientHandler));
        Assert.False(IsBroken(new IOException("Received an alert: bad certificate"), ClientHandler));
    }

    [Fact]
    public void IsBrokenLink_OtherError_IsFalse()
    {
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new IOException(), "pool", typeof(object), "failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new InvalidOperationException(), "pool", typeof(object), "failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(null, "pool", typeof(object), "failed")));
    }

    private static bool IsBroken(Exception cause, Type handler) =>
        StandardErrorLogger.IsBrokenLink(new Error(cause, "handler", handler, "TLS handshake failed"));

    private static Type FindFrameworkType(string name) =>
        typeof(Akka.Remote.RemoteActorRefProvider).Assembly.GetType(name, throwOnError: true)!;
}
