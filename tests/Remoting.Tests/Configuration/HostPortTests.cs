namespace Actors.Remoting.Tests.Configuration;

public class HostPortTests
{
    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1", 80)]
    [InlineData("127.0.0.1", "127.0.0.1", Endpoints.DefaultPort)]
    [InlineData("worker-7.example.org:65535", "worker-7.example.org", 65535)]
    [InlineData("localhost:1", "localhost", 1)]
    public void TryParse_HostAndPort_Succeeds(string text, string host, int port)
    {
        Assert.True(HostPort.TryParse(text, out var parsed));
        Assert.Equal(new HostPort(host, port), parsed);
        Assert.Equal($"{host}:{port}", parsed.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":80")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("host: 80")]
    [InlineData("host:+80")]
    [InlineData("host:8o")]
    [InlineData("ho st:80")]
    [InlineData("akka.tcp://host:80")]
    [InlineData("host:80:80")]
    [InlineData("host/x:80")]
    public void TryParse_InvalidText_Fails(string text)
    {
        Assert.False(HostPort.TryParse(text, out _));
        Assert.Throws<FormatException>(() => HostPort.ParseList(text));
    }
}
