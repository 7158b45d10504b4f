using System.Collections.Concurrent;
using Actors.Coordinator.Journals;
using Actors.Faults.Tests.Primitives;
using Actors.Messages.Pools;
using Actors.Remoting;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Actors.Faults.Tests;

/// <summary>
/// The disk of a SQLite journal fails while records are written. Each confirmed record is found after the repair. A record is at risk for a
/// moment only, so there are many failures.
/// </summary>
[Collection(FaultGroup.Name)]
public sealed class JournalTests(ITestOutputHelper output)
{
    private const int Failures = 40;

    [FaultFact(Primitive.LoopDisk)]
    public Task WriteRecord_PowerLost_ConfirmedRecordsStay() => FailOftenAsync(disk => disk.CutPower());

    [FaultFact(Primitive.LoopDisk)]
    public Task WriteRecord_DiskNotWritable_ConfirmedRecordsStay() => FailOftenAsync(disk => disk.MakeReadOnly());

    private async Task FailOftenAsync(Action<LoopDisk> fail)
    {
        var (random, total) = (new Random(1), 0);
        for (var failure = 1; failure <= Failures; failure++)
        {
            using var disk = new LoopDisk(16);
            var store = new SqliteStore(Path.Combine(disk.Path, "jobs.db"));
            var before = random.Next(30);
            var failing = Task.CompletedTask;
            var confirmed = await WriteAsync(store, count =>
            {
                if (count == before)
                    failing = Task.Run(() => fail(disk));
            });
            await failing;
            disk.Remount();
            var found = await CountAsync(store);
            Assert.True(found >= confirmed, $"Failure {failure}: {confirmed} records were confirmed, and {found} are found.");
            total += confirmed;
        }

        output.WriteLine($"{Failures} failures, {total:N0} confirmed records, 0 lost");
    }

    /// <summary>Writes records until a write fails, and returns the number of confirmed records.</summary>
    private static async Task<int> WriteAsync(SqliteStore store, Action<int> onWritten)
    {
        await using var journal = await OpenJournal.StartAsync(store);
        for (var confirmed = 0; ; confirmed++)
        {
            onWritten(confirmed);
            journal.Actor.Tell(new JournalProtocol.WriteRecord(new PoolRecord(0, null, [], [], [], [], [], IsClosed: true)));
            if (await journal.NextAsync() is JournalProtocol.JournalFailed)
                return confirmed;
        }
    }

    private static async Task<int> CountAsync(SqliteStore store)
    {
        await using var journal = await OpenJournal.StartAsync(store);
        return journal.Records;
    }

    /// <summary>A journal that was read, in an actor system of its own.</summary>
    private sealed class OpenJournal : IAsyncDisposable
    {
        private readonly ActorSystem _system = ActorSystem.Create("journal", RoleConfiguration.CreateLocal());
        private readonly BlockingCollection<object> _messages = new();

        private OpenJournal(SqliteStore store)
        {
            store.PrepareStore();
            var plugins = JournalPlugins.RegisterStore(_system, store);
            var owner = _system.ActorOf(Props.Create(() => new Owner(_messages)));
            Actor = _system.ActorOf(Props.Create(() => new JournalActor("pool-1", owner, plugins)));
        }

        public IActorRef Actor { get; }

        public int Records { get; private set; }

        public static async Task<OpenJournal> StartAsync(SqliteStore store)
        {
            var journal = new OpenJournal(store);
            while (await journal.NextAsync() is not JournalProtocol.ReadCompleted)
                journal.Records++;
            return journal;
        }

        public Task<object> NextAsync() => Task.Run(() => _messages.Take());

        public async ValueTask DisposeAsync()
        {
            await _system.Terminate();
            SqliteConnection.ClearAllPools();
            _messages.Dispose();
        }
    }

    private sealed class Owner : UntypedActor
    {
        private readonly BlockingCollection<object> _messages;

        public Owner(BlockingCollection<object> messages) => _messages = messages;

        protected override void OnReceive(object message) => _messages.Add(message);
    }
}
