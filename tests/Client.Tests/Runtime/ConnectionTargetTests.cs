using Actors.Remoting;
using Actors.Runtime;

namespace Actors.Client.Tests.Runtime;

public sealed class ConnectionTargetTests
{
    [Fact]
    public void Parse_AddressesAndSettings_ReturnsThem()
    {
        var target = ConnectionTarget.Parse("one:4051, two ; tls = secrets/tls/client; KEYFILE=secrets/key;");

        Assert.Equal([new HostPort("one", 4051), new HostPort("two", 4053)], target.Addresses);
        Assert.Equal(("secrets/tls/client", "secrets/key"), (target.TlsDirectory, target.KeyFile));
    }

    [Fact]
    public void Parse_AddressAlone_LeavesTheFilesToTheEnvironment()
    {
        var target = ConnectionTarget.Parse("127.0.0.1:4053");

        Assert.Equal((1, null, null), (target.Addresses.Count, target.TlsDirectory, target.KeyFile));
    }

    [Theory]
    [InlineData("one:4051;Certificates=x", "'Certificates' is not a setting of a connection string")]
    [InlineData("one:4051;Tls", "'Tls' is not a setting")]
    [InlineData("one:4051;Tls=", "'Tls=' is not a setting")]
    [InlineData("Tls=x", "'Tls=x' is not HOST:PORT")]
    [InlineData("", "'' is not HOST:PORT")]
    public void Parse_BadText_SaysWhichPart(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ConnectionTarget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task StartAsync_MissingKeyFile_NamesIt()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProcessPool.StartAsync(1, "127.0.0.1:1;KeyFile=no/such/file"));

        Assert.Contains("The key file no/such/file cannot be read", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_MissingCertificates_NamesTheirDirectory()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProcessPool.StartAsync(1, "127.0.0.1:1;Tls=no/such/directory"));

        Assert.Contains("The certificates in no/such/directory cannot be used", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_RemoteCoordinatorWithoutCertificates_NamesTheSetting()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessPool.StartAsync(1, "192.0.2.1:4053"));

        Assert.Contains(";Tls=DIRECTORY in a connection string", exception.Message, StringComparison.Ordinal);
    }
}
