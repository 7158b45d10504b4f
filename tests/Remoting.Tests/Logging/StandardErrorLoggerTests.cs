using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Actors.Remoting.Logging;
using Akka.Event;

namespace Actors.Remoting.Tests.Logging;

public class StandardErrorLoggerTests
{
    private static Type FrameworkHandler =>
        typeof(Akka.Remote.RemoteActorRefProvider).Assembly.GetType("Akka.Remote.Transport.DotNetty.TcpServerHandler", throwOnError: true)!;

    [Fact]
    public void IsBrokenLink_DisassociatedException_IsTrue()
    {
        var type = typeof(Akka.Remote.RemoteActorRefProvider).Assembly.GetType("Akka.Remote.EndpointDisassociatedException", throwOnError: true)!;
        var cause = (Exception)RuntimeHelpers.GetUninitializedObject(type);

        Assert.True(StandardErrorLogger.IsBrokenLink(new Error(cause, "endpointWriter", typeof(object), "Disassociated")));
    }

    /// <summary>A client closes such a connection when it checks whether a coordinator listens.</summary>
    [Fact]
    public void IsBrokenLink_ConnectionClosedBeforeTls_IsTrue()
    {
        Assert.True(StandardErrorLogger.IsBrokenLink(new Error(new IOException("Channel is closed"), "handler", FrameworkHandler, "TLS handshake failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new AuthenticationException(), "handler", FrameworkHandler, "TLS handshake failed")));
    }

    [Fact]
    public void IsBrokenLink_OtherError_IsFalse()
    {
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new IOException(), "pool", typeof(object), "failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new InvalidOperationException(), "pool", typeof(object), "failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(null, "pool", typeof(object), "failed")));
    }
}
