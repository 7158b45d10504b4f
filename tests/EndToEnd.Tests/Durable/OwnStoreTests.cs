using Actors.EndToEnd.Tests.Support;
using OwnStore;

namespace Actors.EndToEnd.Tests.Durable;

/// <summary>Durable pools in stores of users' classes, which see no internals of this library.</summary>
public sealed class OwnStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "jobs.db");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pool_StoreOfAUsersClass_KeepsResultsAndAcknowledgments()
    {
        long first, second;
        await using (var pool = await OpenAsync(new PluginStore(Path)))
        {
            first = (await pool.SubmitAsync(Square, 6)).Id;
            second = (await pool.SubmitAsync(Square, 7)).Id;
        }

        await using (var again = await OpenAsync(new PluginStore(Path)))
            Assert.Equal(36, await again.Attach<int>(first).Task.Soon());

        await using var last = await OpenAsync(new PluginStore(Path));
        Assert.Equal(49, await last.Attach<int>(second).Task.Soon());
        await Assert.ThrowsAsync<JobNotFoundException>(() => last.Attach<int>(first).Task.Soon());
        Assert.True(new PluginStore(Path).MeasureSize() > 0);
    }

    [Theory]
    [InlineData("connection-string = x", "have no class")]
    [InlineData("class = \"No.Such.Journal, Nowhere\"", "The class No.Such.Journal, Nowhere in the journal settings")]
    [InlineData("class = ${missing}", "are not HOCON")]
    public async Task Start_SettingsOfTheJournalAreWrong_Throws(string journal, string message)
    {
        var store = new ConfiguredStore(journal);

        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => OpenAsync(store).Soon());

        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains("the configured store", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StoreThrowsAnotherException_ThrowsItAsTheCause()
    {
        var store = new ConfiguredStore("", new TimeoutException("No answer."));

        var exception = await Assert.ThrowsAsync<DurableStoreException>(() => OpenAsync(store).Soon());

        Assert.Equal("the configured store cannot be used: No answer.", exception.Message);
        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    private static int Square(int x) => x * x;

    private static Task<ProcessPool> OpenAsync(DurableStore store) =>
        ProcessPool.StartAsync(1, options: new PoolOptions { DurableName = "own", Store = store });

    /// <summary>A store with the given settings of its journal.</summary>
    private sealed class ConfiguredStore(string journal, Exception? failure = null) : DurableStore
    {
        public override string ToString() => "the configured store";

        public override void PrepareStore()
        {
            if (failure is not null)
                throw failure;
        }

        public override long MeasureSize() => 0;

        protected override string CreateJournalSettings() => journal;

        protected override string CreateSnapshotSettings() =>
            "class = \"Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql\"";
    }
}
