using System.Reflection;
using Actors.Remoting.Transport;
using Akka.Remote.Transport;

namespace Actors.Remoting.Tests.Transport;

/// <summary>Authentication needs a private field of Akka.Remote, so each new version is checked.</summary>
public class LinkChannelTests
{
    /// <summary>Before you change the version here, run the tests of this folder and <c>scripts/soak attack</c> with it.</summary>
    [Fact]
    public void RequireSupported_TestedVersion_HasTheField()
    {
        var version = typeof(AssociationHandle).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        Assert.StartsWith("1.5.74", version, StringComparison.Ordinal);
        LinkChannel.RequireSupported();
    }

    [Fact]
    public void RequireField_NoField_NamesTheVersionAndTheField()
    {
        var exception = Assert.Throws<NotSupportedException>(() => LinkChannel.RequireField(null));
        Assert.Contains("Akka.Remote 1.5.", exception.Message, StringComparison.Ordinal);
        Assert.Contains("TcpAssociationHandle._channel", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireField_FieldOfAnotherType_ThrowsNotSupportedException() => Assert.Throws<NotSupportedException>(
        () => LinkChannel.RequireField(typeof(Version).GetField("_Major", BindingFlags.Instance | BindingFlags.NonPublic)));
}
