namespace Actors.Durability.Tests;

public sealed class PostgresStoreTests
{
    private readonly PostgresStore _store = new("Host=db;Username=actors;Password=secret;Database=jobs");

    [Theory]
    [InlineData("synchronous_commit")]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public void Store_ThatLosesCommits_IsRefusedAndSaysWhy(string off)
    {
        var refusal = Assert.Throws<DurableStoreException>(() => _store.RequireWrittenThrough(setting => setting == off ? "off" : "on"));

        Assert.Equal($"the PostgreSQL database jobs at db:5432 cannot be relied on: {off} is off.", refusal.Message);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("local")]
    [InlineData("remote_write")]
    [InlineData("remote_apply")]
    public void Store_ThatWaitsForItsDisk_IsTaken(string commit) => _store.RequireWrittenThrough(setting => setting == "synchronous_commit" ? commit : "on");
}
