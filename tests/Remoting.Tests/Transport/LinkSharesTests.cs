using Actors.Remoting.Transport;

namespace Actors.Remoting.Tests.Transport;

public sealed class LinkSharesTests
{
    private const long Limit = 4 << 20;

    [Theory]
    [InlineData(0, Limit)]
    [InlineData(1, Limit)]
    [InlineData(LinkShares.FullShares, Limit)]
    [InlineData(2 * LinkShares.FullShares, Limit / 2)]
    [InlineData(64 * LinkShares.FullShares, Limit / 64)]
    [InlineData(1000 * LinkShares.FullShares, Limit / 64)]
    public void GetShare_Connections_ShareTheTotal(int connections, long expected)
    {
        var shares = new LinkShares();
        for (var connection = 0; connection < connections; connection++)
            shares.Add();

        Assert.Equal(expected, shares.GetShare(Limit));
    }

    [Fact]
    public void GetShare_ConnectionsHaveEnded_IsTheLimitAgain()
    {
        var shares = new LinkShares();
        for (var connection = 0; connection < 100; connection++)
            shares.Add();
        for (var connection = 0; connection < 100; connection++)
            shares.Remove();

        Assert.Equal(Limit, shares.GetShare(Limit));
    }
}
