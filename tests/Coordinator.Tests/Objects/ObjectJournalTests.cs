using Actors.Coordinator.Journals;
using Actors.Coordinator.Objects.Durable;
using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Testing;
using Akka.Actor;
using Akka.TestKit;

namespace Actors.Coordinator.Tests.Objects;

/// <summary>
/// <see cref="ObjectJournal"/> with a store that the test controls. A reload reads the last snapshot and the records after it.
/// </summary>
public sealed class ObjectJournalTests : PatientTestKit
{
    private static readonly ObjectId Id = ObjectId.FromDurableName("queue", 7);

    private readonly CallerId _caller = CallerId.New();
    private readonly DurableObjectState _state = new();
    private readonly TestProbe _store;
    private readonly ObjectJournal _journal;
    private readonly List<ObjectRecord> _written = [];
    private ObjectSnapshot? _snapshot;
    private long _lastCall;

    public ObjectJournalTests()
    {
        _store = CreateTestProbe();
        _journal = new ObjectJournal(message => _store.Ref.Tell(message), TimeProvider.System, () => _state);
        Tell(ObjectOperation.Open, new DurableObjectSpec("queue", ObjectKind.Queue, "ManagedQueue<byte>").ToPayload());
    }

    [Fact]
    public void Put_WhileASnapshotWaits_IsThereAfterAReload()
    {
        // The first record makes a snapshot due while a full batch and another one wait.
        Put(size: 33 << 20);
        Put(size: 4 << 20);
        Put(size: 1);
        Store();
        Store();

        Put(size: 1);
        while (_store.HasMessages)
            Store();

        Assert.NotNull(_snapshot);
        Assert.Equal(4, Read().Queue.Items.Length);
    }

    private void Put(int size) => Tell(ObjectOperation.Put, new byte[size]);

    private void Tell(ObjectOperation operation, ReadOnlyMemory<byte> payload)
    {
        var call = new ObjectCall(Id, ++_lastCall, operation, -1, 0, [payload]);
        var command = DurableCommands.FromCall(new DurableObjectProtocol.CallDurableObject(Id, _caller, 1, call), _lastCall);
        _state.ApplyCommand(command, []);
        _journal.NextBatch.AddCommand(command);
        _journal.WriteNext();
    }

    /// <summary>Handles the next request to the store. A snapshot replaces all earlier records.</summary>
    private void Store()
    {
        switch (_store.ReceiveOne(TimeSpan.FromSeconds(10)))
        {
            case JournalProtocol.WriteRecord write:
                _written.Add((ObjectRecord)write.Record);
                _journal.OnWritten();
                break;
            case JournalProtocol.SaveSnapshot snapshot:
                _snapshot = (ObjectSnapshot)snapshot.State;
                _written.Clear();
                break;
        }
    }

    private ObjectSnapshot Read()
    {
        var state = _snapshot is null ? new DurableObjectState() : DurableObjectState.FromSnapshot(_snapshot);
        foreach (var command in _written.SelectMany(record => record.Commands))
            state.ApplyCommand(command, []);
        return state.ToSnapshot();
    }
}
