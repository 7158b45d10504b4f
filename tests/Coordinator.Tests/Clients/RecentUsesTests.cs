using Actors.Coordinator.Clients;
using Actors.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Coordinator.Tests.Clients;

/// <summary>The durable pools that a client searches for count toward its open pools for some time.</summary>
public sealed class RecentUsesTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly RecentUses<PoolId> _searches;

    private readonly ClientUsage _client = new(TestLimits.Read("actors.client-limits.pools = 2"));

    public RecentUsesTests() => _searches = new(_clock, Duration, ClientResource.Pools);

    [Fact]
    public void TryAdd_PoolsAboveTheLimit_AreRefusedUntilTheTimeOfOneIsOver()
    {
        Assert.Null(Search("a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Search("b"));
        Assert.Contains("actors.client-limits.pools", Search("c"), StringComparison.Ordinal);

        _clock.Advance(Duration - TimeSpan.FromSeconds(1));
        Assert.Null(Search("c"));
        Assert.NotNull(Search("d"));
    }

    [Fact]
    public void TryAdd_RepeatedSearch_CountsOnce()
    {
        for (var i = 0; i < 10; i++)
            Assert.Null(Search("a"));
        Assert.Equal(1, _client.GetUsed(ClientResource.Pools));

        _clock.Advance(Duration);
        _searches.RemoveOld();
        Assert.Equal(0, _client.GetUsed(ClientResource.Pools));
    }

    [Fact]
    public void TryAdd_ClientWithoutLimits_IsNeverRefused()
    {
        for (var i = 0; i < 10; i++)
            Assert.Null(_searches.TryAdd(null, PoolId.FromName($"{i}")));
    }

    private string? Search(string name) => _searches.TryAdd(_client, PoolId.FromName(name));
}
