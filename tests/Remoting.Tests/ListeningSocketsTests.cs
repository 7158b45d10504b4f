using System.Net;
using System.Net.Sockets;
using Actors.Testing;

namespace Actors.Remoting.Tests;

public class ListeningSocketsTests
{
    private const string Header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    private const string Rest = "00000000:00000000 00:00000000 00000000     0        0 1 1 0";

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.11")]
    [InlineData("::1")]
    public void Find_OwnListener_ContainsItsAddress(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        Assert.Contains((IPEndPoint)listener.LocalEndpoint, ListeningSockets.Find(Environment.ProcessId));
    }

    [Theory]
    [InlineData("0100007F:0FD5", "127.0.0.1", 4053)]
    [InlineData("0B00007F:A0B1", "127.0.0.11", 41137)]
    [InlineData("00000000:0FD5", "0.0.0.0", 4053)]
    [InlineData("00000000000000000000000001000000:0050", "::1", 80)]
    [InlineData("0000000000000000FFFF00000100007F:0050", "127.0.0.1", 80)]
    public void ParseTable_ListeningSocket_IsItsEndPoint(string local, string address, int port) => Assert.Equal(
        [new IPEndPoint(IPAddress.Parse(address), port)],
        ListeningSockets.ParseTable([Header, $"   0: {local} 00000000:0000 0A {Rest}"]));

    [Fact]
    public void ParseTable_ConnectedSocket_IsSkipped() => Assert.Empty(
        ListeningSockets.ParseTable([Header, $"   0: 0100007F:0FD5 0100007F:1234 01 {Rest}"]));
}
