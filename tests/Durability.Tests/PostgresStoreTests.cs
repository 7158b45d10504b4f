namespace Actors.Durability.Tests;

public sealed class PostgresStoreTests
{
    private readonly PostgresStore _store = new("Host=db;Username=actors;Password=secret;Database=jobs");

    [Theory]
    [InlineData("synchronous_commit")]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public void Prepare_ServerLosesCommits_IsRefusedWithTheSetting(string off)
    {
        var refusal = Assert.Throws<DurableStoreException>(() => _store.RequireWrittenThrough(setting => setting == off ? "off" : "on"));

        Assert.Equal($"the PostgreSQL database jobs at db:5432 can lose commits: {off} is off. Turn it on in the server's configuration.",
            refusal.Message);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=actors;Password=hidden-4711;Timeout=5")]
    [InlineData("Host=127.0.0.1;Port=1;Password=hidden-4711;Unknown=1")]
    [InlineData("Host=127.0.0.1;Password=hidden-4711;Port")]
    [InlineData("Password=hidden-4711;Host=")]
    public void Prepare_Fails_ShowsNoPassword(string connection)
    {
        var failure = Assert.ThrowsAny<Exception>(() => new PostgresStore(connection).PrepareStore());

        Assert.DoesNotContain("hidden-4711", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("local")]
    [InlineData("remote_write")]
    [InlineData("remote_apply")]
    public void Prepare_ServerWaitsForItsDisk_IsAccepted(string commit) =>
        _store.RequireWrittenThrough(setting => setting == "synchronous_commit" ? commit : "on");
}
