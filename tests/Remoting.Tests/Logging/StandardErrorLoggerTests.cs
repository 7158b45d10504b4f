using System.Runtime.CompilerServices;
using Actors.Remoting.Logging;
using Akka.Event;

namespace Actors.Remoting.Tests.Logging;

public class StandardErrorLoggerTests
{
    [Fact]
    public void IsBrokenLink_OfWhatTheFrameworkThrowsThen_IsTrue()
    {
        var type = typeof(Akka.Remote.RemoteActorRefProvider).Assembly.GetType("Akka.Remote.EndpointDisassociatedException", throwOnError: true)!;
        var cause = (Exception)RuntimeHelpers.GetUninitializedObject(type);

        Assert.True(StandardErrorLogger.IsBrokenLink(new Error(cause, "endpointWriter", typeof(object), "Disassociated")));
    }

    [Fact]
    public void IsBrokenLink_OfAnyOtherError_IsFalse()
    {
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(new InvalidOperationException(), "pool", typeof(object), "failed")));
        Assert.False(StandardErrorLogger.IsBrokenLink(new Error(null, "pool", typeof(object), "failed")));
    }
}
