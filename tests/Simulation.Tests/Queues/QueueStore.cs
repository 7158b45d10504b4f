using Actors.Messages;
using Actors.Messages.Objects;
using Actors.Simulation.Tests.Kernel;
using MemoryPack;

namespace Actors.Simulation.Tests.Queues;

/// <summary>
/// The store of a durable queue. A record whose writer crashes meanwhile is lost, or stored without an answer. Records are stored as bytes,
/// so that no owner changes those of another.
/// </summary>
internal sealed class QueueStore(QueueWorld world)
{
    private readonly SortedDictionary<long, byte[]> _records = [];
    private (long Number, byte[] State)? _snapshot;
    private int _failures;

    public long LastNumber => Math.Max(_records.Count > 0 ? _records.Keys.Last() : 0, _snapshot?.Number ?? 0);

    /// <summary>Reads the snapshot, and the records after it.</summary>
    public IEnumerable<object> ReadAll()
    {
        if (_snapshot is { } snapshot)
            yield return MemoryPackSerializer.Deserialize<ObjectSnapshot>(snapshot.State)!;
        foreach (var record in _records.Where(record => record.Key > (_snapshot?.Number ?? 0)))
            yield return MemoryPackSerializer.Deserialize<ObjectRecord>(record.Value)!;
    }

    /// <summary>Lets one of the next writes fail.</summary>
    public void FailWrite() => _failures++;

    /// <summary>Writes a record.</summary>
    /// <param name="writer">The owner that writes.</param>
    /// <param name="number">The number of the record. Each is accepted once.</param>
    /// <param name="record">The record.</param>
    /// <param name="onWritten">Receives whether the record is stored, if the writer is still alive.</param>
    public void Write(SimulatedPart writer, long number, IWireMessage record, Action<bool> onWritten)
    {
        var bytes = MemoryPackSerializer.Serialize((ObjectRecord)record);
        var isTorn = world.Mix(number * 31 + writer.Number, 2) == 0;
        world.Schedule(TimeSpan.FromMilliseconds(1 + world.Mix(number + writer.Number, 4)), null, () =>
        {
            var isAccepted = number > LastNumber && !(_failures > 0 && _failures-- > 0) && !(writer.IsStopped && isTorn);
            if (isAccepted)
                _records.Add(number, bytes);
            world.Schedule(TimeSpan.FromMilliseconds(1), writer, () => onWritten(isAccepted));
        });
    }

    /// <summary>Saves a snapshot that replaces the records up to a number. They are deleted later.</summary>
    public void SaveSnapshot(SimulatedPart writer, long number, IWireMessage state)
    {
        var bytes = MemoryPackSerializer.Serialize((ObjectSnapshot)state);
        world.Schedule(TimeSpan.FromMilliseconds(2), writer, () =>
        {
            _snapshot = (number, bytes);
            world.Schedule(TimeSpan.FromMilliseconds(2), writer, () => DeleteRecords(number));
        });
    }

    private void DeleteRecords(long number)
    {
        foreach (var replaced in _records.Keys.TakeWhile(key => key <= number).ToList())
            _records.Remove(replaced);
    }
}
